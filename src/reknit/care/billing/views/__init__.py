"""Pages of this room: the month for intake, the code table, and a client's codes."""
