"""Pages of a course: its map, and its agreement."""
