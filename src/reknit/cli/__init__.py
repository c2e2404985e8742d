"""The `reknit` command, one file per family of commands.

`main` holds the explicit list of commands. Nothing here imports Django, NumPy or a room at module level, so that a
command which needs none of them starts fast; `boot` sets Django up for those that do. Whatever can be expected to go
wrong is raised as a `CommandError` and reaches the person as one sentence on standard error.
"""
