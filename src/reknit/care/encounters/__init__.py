"""Appointments, sessions and the note that is written once.

Words it owns: appointment, encounter (page word: session), slot, attended number, progress note, addendum,
between-session intention. Stands on measures, substance use, safety and programme. A signed note never changes.
"""
