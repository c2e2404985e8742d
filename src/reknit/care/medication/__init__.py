"""Medication for a substance use disorder or for mood: what is prescribed, how it was taken, and whether it was reviewed.

Words it owns: medication, taking, medication review. Stands on safety, programme and people, and beside measures and
network; the calendar of use stands above it, so that a test can be explained by what is prescribed. Medication taken as
prescribed is treatment: nothing here ever writes a use day.
"""
