"""The door and its commands, run as a person runs them: as programs."""
