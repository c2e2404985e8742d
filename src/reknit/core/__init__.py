"""The science floor: what a study could use with nothing but a table of answers.

Pure Python and NumPy. Facts go in, small frozen dataclasses or columns come out; nothing here reads
a clock, a database, a network or a setting. Every clinical number has its source beside it.

Rooms of the floor, each with the same name as the room that shows it to people:

- ``measures``       instruments as data, their wording, and scoring
- ``substance_use``  the calendar of use days and what it adds up to
- ``outcomes``       reliable change, response, remission
- ``programme``      protocol templates, tasks due, gates
- ``safety``         which answers need a person, and by when
- ``suppression``    hiding small numbers in anything that leaves the clinic

Two modules serve them all: ``errors`` (sentences fit to show) and ``data`` (reading the data files).
"""
