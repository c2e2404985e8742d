from django.apps import AppConfig
from django.conf import settings

from reknit.core.programme.template import add_folder, add_shelf


class ProgrammeConfig(AppConfig):
    name = "reknit.care.programme"
    label = "programme"

    def ready(self) -> None:
        """Read the clinic's own templates. A file that would mislead stops the start, with the rule it breaks."""
        from .shelf import OwnProtocols  # tables can be named once every room is there

        add_shelf(OwnProtocols())
        if settings.PROTOCOLS.is_dir():
            add_folder(settings.PROTOCOLS)
