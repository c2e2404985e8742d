from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "reknit.care.groups"

    def ready(self) -> None:
        """Sessions of groups take their facilitators' time, and are those of their members' courses: both are asked for here."""
        from reknit.care.encounters.engagements import Source, add_source
        from reknit.care.encounters.together import add_group_source

        from .queries.ahead import group_of
        from .queries.times import (  # tables can be named once every room is there
            engagements_in,
            engagements_of,
            open_to,
        )

        add_source(Source(between=engagements_of, in_room=engagements_in, open_to=open_to))
        add_group_source(group_of)
