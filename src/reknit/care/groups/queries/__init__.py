"""Reads of this room: runs and members, the evening, the record, climate, what is owed, the end."""
