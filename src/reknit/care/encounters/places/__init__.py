"""The rooms of the clinic, kept by the administrator. A room that is given up stays in the sessions that were there."""
