"""How the tables of a database come to be: all at once in a new one, by migrations in one that holds records."""
