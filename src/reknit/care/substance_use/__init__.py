"""The substance-use calendar by the Timeline Followback method.

Words it owns: use day, monitored substance, days abstinent, coverage. Stands on safety, programme and people;
the science is `reknit.core.substance_use`. A day nobody filled in is unknown: there is no row, and it is never
counted as zero. Prescribed medication taken as prescribed is not use.
"""
