"""The shared account: focus areas, the interpersonal formulation, the timeline of life events.

Owns the words focus area, formulation, timeline event, agreement to a formulation. Stands on network, substance_use and
programme. A client sees only the versions that were shared with them.
"""
