"""The pages of this room, a file for each audience and part of the work."""
