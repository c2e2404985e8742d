"""The pages of this room, for the care team; a supervisor reads them."""
