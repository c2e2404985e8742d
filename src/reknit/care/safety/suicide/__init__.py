"""What a clinician makes of the danger of suicide: level, reasons, what may change it, plan, means, who was told, when to look again.

Words it owns: risk formulation. It stands apart from every score; a score opens an item and never sets the level.
A client's own page shows none of it.
"""
