"""Django for the commands that need it, and the errors that its start can meet, each as a sentence."""

import os

from .errors import CommandError

CONNECT_WITHIN_SECONDS = 10


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
    leave_the_pool()


def leave_the_pool() -> None:
    """A command is one thread: a plain connection fails at once and in one sentence, where a pool tries for long."""
    from django.db import connection

    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        options.pop("pool", None)
        options.setdefault("connect_timeout", CONNECT_WITHIN_SECONDS)
