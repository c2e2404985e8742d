"""A simple brake on the pages that anybody with an address can reach."""

import hashlib

from django.core.cache import cache

SECONDS = 60


def is_over(kind: str, who: str, *, most: int) -> bool:
    """Count one more, and say whether that is more than `most` within a minute."""
    key = f"brake.{kind}.{hashlib.sha256(who.encode('utf-8', 'surrogatepass')).hexdigest()}"
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # the minute ended between the two
        return False
