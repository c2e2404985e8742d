"""What a client agreed to, and when they took it back.

Words it owns: consent, scope, purpose, recipient, revoked, release, disclosure. Stands on people.
Without a consent for care and treatment there is no clinical content (gate G01).
"""
