"""Outcomes: what changed between two scores, and whether it is more than chance.

Owns the words baseline, response, remission, reliable change, recovery and deterioration.
"""
