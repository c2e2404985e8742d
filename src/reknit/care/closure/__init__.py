"""How a course ends: the closing letter, the plain letter to the client, and the close of the episode.

Words it owns: closing letter, plain letter, disposition. Stands on outcomes and everything below. A letter is
live until it is issued; from then on it is a document that never changes.
"""
