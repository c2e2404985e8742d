"""Loss of tolerance: the times at which the dose of before can kill, and the tasks each of them opens.

Words it owns: loss of tolerance, tolerance task. The tasks are data of `reknit.core.safety.tolerance`; two risk items wait for them.
"""
