"""The course of treatment: episodes of care, their protocol, phase, facts and tasks done, and what was agreed on.

Words it owns: episode, phase, milestone, gate, contract (page word: agreement), goal, amendment, ending date, course
fact, task completion. Stands on contact, consent and people. Rooms above report what happened down to `record_fact`,
in the same transaction as their own write; gates, due lists and fidelity read those facts and nothing else.

A client sees an agreement once it was shown to them or agreed, their goals in sentences, and never a level or a
score.
"""
