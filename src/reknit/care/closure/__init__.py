"""How a course ends: what is written with the client, both letters, the close of the episode, and follow-up.

Words it owns: closing record, review of gains, warning signs, staying-well plan, disposition, early ending, closing
letter, plain letter, printed document, wording, follow-up. Stands on outcomes and everything below; meets the people in a client's life through
`people_then_now` alone. A record or a letter is live until it is given or issued; from then on it never changes. A
client sees what they were given and nothing else; a plan never names anybody who uses now or is marked unsafe, and a
letter to colleagues names nobody of the client's life by alias.
"""
