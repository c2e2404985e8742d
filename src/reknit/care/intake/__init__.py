"""From a referral to a first session.

Words it owns: referral, source, phone safety questions, waiting place, interim contact, barrier, wish, offered time,
public form, cover, preparation, transfer, course choice, facts at admission. Stands on everything below. A referral
may hold the safety answers, a safe way of contact and what the wait needs before consent (exempt from gate G01), and
nothing clinical. Of a conflict between people it learns yes or no. Of a chart it opens what a person is prepared with,
until somebody met them (docs/decisions/0018).
"""
