"""Short messages to a client: whether one may go, by which transport, and what became of it.

Owns the words transport and quiet hours. The only transports are those a clinic sets up itself; where there is none,
the message waits for somebody to ring.
"""
