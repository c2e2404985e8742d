"""How a client can be reached without harm.

Words it owns: safe contact. Stands on consent and people. It must never say more than the client allowed.
"""
