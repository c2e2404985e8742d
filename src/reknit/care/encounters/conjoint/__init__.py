"""A session with somebody else in the room: planned with the client, barred while the flag about violence is on.

Only the supervisor of the client's therapist can let it take place all the same, with a reason, and only while a safety
plan stands (gate G12). A flag set anew bars it anew.
"""
