"""Who is who: the site, its programmes, clients, care teams and supervisory lines.

Words it owns: client, care team, supervisory line, site, programme (of a clinic). Stands on nothing in care.
It holds the one predicate that says who may see a client at all. It must never show a client's name to a role
that needs no chart, save intake, which writes it down.
"""
