"""The records that the techniques of IPT leave in a session: links, strategy steps, conversations taken apart, reviews.

Each is typed, is written by one action, reports its fact about the course, and stands once in the note of its session.
Nothing here is more certain than what two people said; a blank is never a no, and no figure decides.
"""
