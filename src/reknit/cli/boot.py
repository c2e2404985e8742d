"""Django for the commands that need it, and the errors that its start can meet, each as a sentence."""

import os

from .errors import CommandError


def set_up_django() -> None:
    """Load the settings and every app. Takes about half a second, so only commands that need it call it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reknit.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    from reknit.base.settings_help import SettingError

    try:
        django.setup()
    except SettingError as error:
        raise CommandError(str(error)) from None
    except ImproperlyConfigured as error:
        # A driver that is not installed reaches us under this name; `main` knows the sentence for it.
        if isinstance(error.__cause__, ImportError):
            raise error.__cause__ from None
        raise
