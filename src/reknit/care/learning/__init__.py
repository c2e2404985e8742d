"""Practice courses: for people in training, and for trying a protocol before anybody is treated by it.

Words it owns: practice course (code word: sandbox), fast-forward. Stands on encounters, programme, consent and people.
The made-up client is a `Client` with an owner instead of a care team, so that no list, count, report or board that is
made from care teams holds it; what counts everybody asks for real clients. Every page of its chart says what it is.

Nothing of it leaves the house: no form link, no sign-in for the client, and a letter is marked as made up.
"""
