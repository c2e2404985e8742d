"""The shared account: focus areas, the interpersonal formulation, the timeline of life events.

Owns the words focus area, formulation, answer, timeline event, onset, closest change. Stands on measures, network,
substance_use and programme. A client sees only the versions that were shared with them, and never an event, a hint or
the words for staff. Nothing here chooses for anybody: a hint ranks, a question asks.
"""
