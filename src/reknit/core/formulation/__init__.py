"""The shared account: the slots of a formulation, how hard it is to read, and hints from what was entered.

Owns the words slot, element, reading grade, hint and adjacency. A hint ranks and gives its facts; it never chooses.
"""
