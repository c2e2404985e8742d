"""Pages of the room, one file for each kind."""
