from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "reknit.care.groups"

    def ready(self) -> None:
        """Sessions of groups take their facilitators' time, so the calendar asks for them here."""
        from reknit.care.encounters.engagements import Source, add_source

        from .queries.times import engagements_of, open_to  # tables can be named once every room is there

        add_source(Source(between=engagements_of, open_to=open_to))
