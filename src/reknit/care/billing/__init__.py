"""Encounters as codes, for whoever bills: a table of codes with the days it holds, a month as a file, a superbill.

Words it owns: billing code, code table, place of service, coded diagnosis, superbill. Stands on encounters, programme and
people. It sends nothing and claims nothing: its file is no 837. It must never show a note, a score or an answer, and a
diagnosis only as the code that a clinician wrote down here.
"""
