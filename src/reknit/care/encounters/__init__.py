"""Appointments, sessions and the note that is written once.

Words it owns: appointment, encounter (page word: session), slot, attended number, progress note, addendum, note kept apart,
between-session intention; and the records of the work in `techniques`. Stands on formulation, network, measures, substance
use, safety and programme. A signed note never changes, and neither do the records of its session.
"""
