"""What changed over a course, shown apart for mood and for substance use.

Words it owns: outcome, reliable change, window. Stands on encounters, measures and substance use; keeps no table
of its own, so that a fact changed anywhere changes the page and the letter with it.
"""
