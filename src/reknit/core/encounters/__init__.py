"""Notes of sessions, without any framework: one note read under the headings of four formats.

Owns the words reading and placement. It knows nothing of clients: it takes the pieces of a note in their order and says
under which heading each stands, and why. Nothing is written twice and nothing is left out.
"""
