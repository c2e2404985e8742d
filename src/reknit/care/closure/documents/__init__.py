"""What is printed at the end of a course: each document with its purpose, its closed list of fields, and its wording.

A clinic edits the wording with fields only. A document that was made keeps what it says and the version it was made from.
"""
