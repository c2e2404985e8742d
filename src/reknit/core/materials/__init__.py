"""Reading for clients in our own words: what is in the library, in which languages, in which version, from which sources."""
