"""Programme: a course of treatment as versioned data, the tasks that are due, and the gates.

Owns the words protocol template, phase, slot, task, gate. A slot is a planned session number; it is not
the attended number. Gates decide about phase labels and fidelity. Notes, contacts and answers to
risk are never held up by one.
"""
