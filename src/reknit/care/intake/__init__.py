"""From a referral to a first session.

Words it owns: referral, source, phone safety questions. Stands on everything below. A referral may hold the
safety answers and a safe way of contact before consent (exempt from gate G01), and nothing else clinical.
"""
