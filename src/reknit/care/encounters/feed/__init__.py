"""The private address under which a clinician's own calendar program reads their sessions.

It names nobody and nothing but the time. Whoever holds the address reads it, so it can be renewed and taken back, only its
hash is kept, and it is dead as soon as the person leaves.
"""
