"""How a client can be reached without harm, and the short messages that go that way.

Words it owns: safe contact, message, delivery, kind of message. Stands on consent and people. It must never say more than
the client allowed, and never says that a message went out unless a transport took it.
"""
