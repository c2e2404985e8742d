"""A simple brake on the pages that anybody with an address can reach."""

import hashlib

from django.core.cache import cache

SECONDS = 60
HOUR = 60 * 60


def is_over(kind: str, who: str, *, most: int, seconds: int = SECONDS) -> bool:
    """Count one more, and say whether that is more than `most` within a minute, or within `seconds`."""
    key = f"brake.{kind}.{hashlib.sha256(who.encode('utf-8', 'surrogatepass')).hexdigest()}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # the time ended between the two
        return False
