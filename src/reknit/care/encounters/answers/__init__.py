"""The client's word on a booked session: they will come, or they cannot. Said on their own page, or by the link of a reminder.

It cancels nothing: a person finds a new time with them. When they said it is what decides whether they told us late.
"""
