"""The people in a client's life: who they are, how close, who supports recovery and who uses.

Owns the words relationship (a person in the client's life), interpersonal inventory, closeness circle, circle version.
Stands on safety, programme and people. People are known by an alias; an alias is never logged, never in an address and
never leaves the clinic.
"""
