"""Work that runs by itself: sweeps listed in `settings.SWEEPS`, each on its own clock.

Words it owns: sweep, latest run. Stands on nothing; a room's own sweeps live in its `jobs.py`.
"""
