"""The calendar: series of appointments, rooms, moving and cancelling, reminders, and the private address of a calendar.

Words it owns: series, number in a series, room, calendar address. An appointment keeps its row when it is moved, so that
what hangs on it stays; what is over never changes; and what becomes of one never touches another of its series.
"""
