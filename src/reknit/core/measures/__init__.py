"""Measures: what is asked, how it is scored, and whose words they are.

Owns the words measure, item, response option, score, band, cut-off, prorated. An instrument is data
(`definitions/`), its wording travels in a content pack with its licence notice (`packs/`), and code
(`scoring`) is the same for all of them.

Scores are screening statements and never diagnoses. A critical item speaks for itself, whatever the
total and however many items are blank.
"""
