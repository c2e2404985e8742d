"""Reading for clients: the library in our own words, and which text was given to whom, how and by whom.

Words it owns: material, materials given, reading link. Stands on programme and people, beside measures, network and
medication; the session's note, above, says what was given in it. The science is `reknit.core.materials`. A link opens
one text without an account, and neither its address nor its title says what the text is about.
"""
