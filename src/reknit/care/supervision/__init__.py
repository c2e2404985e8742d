"""Supervision: the agenda, the hour, ratings of sampled sessions, approvals, certification, audits of charts, reviews.

Words it owns: agenda, supervision hour, case, decision, sampled session, rating, approval, credential, chart audit, event
review. Stands on every clinical room and reads them; none of them knows it.

What is written here is no part of the chart. It is seen by the supervisor and by the person it is about, and never on a
page of a chart, in a letter, in an export or by a client. A director sees totals of five people or more.
"""
