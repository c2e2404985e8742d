"""The rooms: one Django app per clinical capability. The order of who may stand on whom is in pyproject.toml."""
