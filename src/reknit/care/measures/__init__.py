"""Questionnaires given, answered and scored.

Words it owns: measure, item, administration, score, form link. Stands on safety, programme and people; the
science is `reknit.core.measures`. A link opens exactly one form and shows no word that reveals what it is about.
"""
