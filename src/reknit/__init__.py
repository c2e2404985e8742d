"""Reknit: Interpersonal Psychotherapy for addiction recovery, as software a clinic runs itself.

Floors, top to bottom: cli, config, exchange, care, base, core. A floor imports only from floors below it.
"""

__version__ = "0.1.0"
