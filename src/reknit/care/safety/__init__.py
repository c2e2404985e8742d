"""What waits for a human: critical answers become risk items with an owner and a due time.

Words it owns: risk item, owner, due time, critical answer. Stands on programme, consent and people, and sits
below measures on purpose, so that whatever records an answer opens the item. It shows facts and never a level,
a colour or a probability on a person.
"""
