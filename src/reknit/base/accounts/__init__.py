"""People who sign in: staff and clients, their roles, second factor and open sessions.

Words it owns: user, role, sign-in. Stands on audit. It must never show one person's sign-in details to another,
and never whether an address has an account.
"""
