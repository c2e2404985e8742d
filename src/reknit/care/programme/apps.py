from django.apps import AppConfig
from django.conf import settings

from reknit.core.programme.template import add_folder


class ProgrammeConfig(AppConfig):
    name = "reknit.care.programme"
    label = "programme"

    def ready(self) -> None:
        """Read the clinic's own templates. A file that would mislead stops the start, with the rule it breaks."""
        if settings.PROTOCOLS.is_dir():
            add_folder(settings.PROTOCOLS)
