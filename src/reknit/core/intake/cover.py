"""When authorised sessions run out, in the numbers of the course."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Authorised, used and left; and the last session of the course that is covered. None: not known."""

    authorised: int | None
    used: int
    planned: int | None
    held: int  # sessions of the course that took place, numbered

    @property
    def left(self) -> int | None:
        """Authorised sessions not yet used. Below zero: more were held than are covered."""
        return None if self.authorised is None else self.authorised - self.used

    @property
    def runs_out_at(self) -> int | None:
        """The number of the last covered session, where that is before the planned end.

        >>> Standing(authorised=10, used=4, planned=16, held=4).runs_out_at
        10
        >>> Standing(authorised=20, used=4, planned=16, held=4).runs_out_at is None
        True
        >>> Standing(authorised=None, used=4, planned=16, held=4).runs_out_at is None
        True
        """
        if self.left is None or self.planned is None:
            return None
        covered = self.held + max(0, self.left)
        return covered if covered < self.planned else None
