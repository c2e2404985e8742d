"""Substance use: the calendar of use days and what it adds up to.

Owns the words use day, timeline follow-back, percent days abstinent. One rule runs through it all:
a day without a report is unknown. It is never a day without use.
"""
