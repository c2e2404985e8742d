"""The course of treatment: episodes of care, their protocol, phase, facts and tasks done.

Words it owns: episode, phase, milestone, gate, contract, ending date, course fact, task completion. Stands on
contact, consent and people. Rooms above report what happened down to `record_fact`, in the same transaction as
their own write; gates, due lists and fidelity read those facts and nothing else.
"""
