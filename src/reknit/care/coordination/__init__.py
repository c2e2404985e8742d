"""Who else is in care, what runs beside IPT, and the level of care: one page for what one therapist alone does not hold.

Words it owns: care contact, sharing, treatment beside IPT, incentive, level-of-care note. Stands on formulation, use,
measures, network, medication, safety, consent and people; a plan B in a session, above, begins treatments here. Nothing
here counts for fidelity, and no fact here decides: facts sort, people decide. Nothing is sent to anybody from here.
"""
