"""Evidence: what has been studied, with the results that went against IPT told as plainly as the others.

Owns the words study, result, question, grade, approved wording. A grade is about one question: a treatment, for people, on
an outcome, at a time. Depression and substance use are never graded together.
"""
