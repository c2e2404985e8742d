"""Pages of the room, one file for each part of it."""
