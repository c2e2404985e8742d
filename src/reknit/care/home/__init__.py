"""The front of the house: today, the caseload, the course page, open risk, the client's own front page.

Words it owns: caseload, today. It gathers from every room and keeps no table of its own.
"""
