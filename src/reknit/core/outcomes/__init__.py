"""Outcomes: what changed between two scores, and whether it is more than chance.

Owns the words baseline, reliable change, response, remission, recovery, deterioration.
"""
