"""What waits for a human: critical answers become risk items with an owner and a due time. And the screens and plans.

Words it owns: risk item, owner, due time, critical answer, withdrawal screen, medical review, overdose plan, safety plan,
violence flag. Stands on programme, consent and people, and sits
below measures on purpose, so that whatever records an answer opens the item. It shows facts and never a level,
a colour or a probability on a person. A client's own page shows the safety plan that was released to them, and nothing
else of this room.
"""
