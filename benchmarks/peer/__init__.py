"""The peer: what Django alone takes for a write and a list, with the same server and database settings."""
