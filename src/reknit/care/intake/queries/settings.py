"""What the clinic set for its intake; asked by most pages of the room, so kept for a few seconds."""

from django.core.cache import cache

from reknit.care.intake.models import IntakeSettings

KEY, SECONDS = "intake.settings", 10


def intake_settings() -> IntakeSettings:
    """The one row, or the defaults where nobody has set anything yet."""
    found: IntakeSettings | None = cache.get(KEY)
    if found is None:
        found = IntakeSettings.objects.first() or IntakeSettings()
        cache.set(KEY, found, SECONDS)
    return found


def forget_settings() -> None:
    """Let the next page read them anew; called by whatever changes them."""
    cache.delete(KEY)
