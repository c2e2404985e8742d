"""The substance-use calendar by the Timeline Followback method.

Words it owns: use day, monitored substance, days abstinent, coverage, use episode, test result, craving. Stands on
medication and network, so that a test can be explained by what is prescribed and a return to use can name people of the
client's own circle, and on safety, programme and people; the science is `reknit.core.substance_use`. A client's own
pages show no result of a test and no word for a pattern. A day nobody filled in is unknown: there is no row, and it is never
counted as zero. Prescribed medication taken as prescribed is not use.
"""
