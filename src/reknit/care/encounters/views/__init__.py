"""Pages of sessions, all for staff."""
