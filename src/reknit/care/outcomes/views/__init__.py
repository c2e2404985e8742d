"""Pages of this room: what a course came to, its golden thread, and the evidence pack."""
