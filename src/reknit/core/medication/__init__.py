"""Medication for substance use disorders and for mood: a short list of generic names, and what it explains.

Medication taken as prescribed is treatment. It is never a use day, and a test that shows it is explained by it.
"""
