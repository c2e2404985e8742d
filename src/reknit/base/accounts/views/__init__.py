"""Pages of sign-in, of one's own settings, and of the people who sign in."""
