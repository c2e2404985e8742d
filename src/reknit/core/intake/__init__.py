"""Rules of the way in: when somebody is chased, who can be offered, when cover runs out. Pure, no I/O.

A *step* is a day after a first contact that was missed or never booked. A *fit* is a clinician measured against what a
person needs. None of these decides: a person reads the list and acts. Not known is never zero and never a no.
"""
