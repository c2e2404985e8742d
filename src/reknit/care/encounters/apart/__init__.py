"""Notes kept apart: writing and reading them. No other part of the product imports their tables; a test holds that."""
