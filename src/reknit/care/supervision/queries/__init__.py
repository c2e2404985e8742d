"""Reads of the room, one file for each part. Each says how many database queries it makes."""
