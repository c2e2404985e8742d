"""The record of who did and who read what, when and why.

Words it owns: audit event, seal, chain. Stands on nothing. It keeps labels and keys, never the content of a
note, an answer or a letter, and has no foreign keys, so that history never blocks a deletion.
"""
