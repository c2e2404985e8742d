"""Doors in and out. They read rooms and call rooms' actions; rooms never know them."""
