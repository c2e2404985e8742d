"""Safeguarding: a child, an adult, a partner's violence, trafficking, a threat to somebody else.

Words it owns: concern, safeguarding record, duty rule, let in. A record is read by its owner, the owner's supervisors, whoever
is on duty and the people let in by name; every reading is kept. It is in no list, search, note, export or timeline of anybody
else. What the law asks, whom to call and how soon is the clinic's own text. It never writes to or calls anybody.
"""
