"""The ninety minutes of a group session, part by part, with the tasks of the protocol that belong to each.

Source: `ipt.md` section 9; words are ours. Another length keeps the shares of the parts (our default).
"""

from dataclasses import dataclass
from typing import Final

WHOLE: Final = 90


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a session: its minutes, what is done, and the codes of the tasks done in it."""

    code: str
    starts: int
    ends: int
    title: str
    steps: tuple[str, ...]
    tasks: tuple[str, ...]


GUIDE: Final = (
    Part("arrive", 0, 10, "Arrive", ("Forms and scores.", "Safety: one line from each."), ("GR06",)),
    Part(
        "link",
        10,
        20,
        "Link to last time",
        ("What was tried since last time.", "Say who is away.", "Say how many sessions are left."),
        ("GR07",),
    ),
    Part(
        "work",
        20,
        70,
        "Work",
        (
            "Two or three members in turn.",
            "Tie mood, people and use together.",
            "Go through what was said, or practise it with a member.",
            "Ask the others for ideas.",
        ),
        ("GR08", "GR09"),
    ),
    Part("try", 70, 85, "One thing to try", ("Each says one thing to try, and with whom.",), ("GR11",)),
    Part("close", 85, 90, "Close", ("How was the group today?", "Goodbye until next time."), ("GR12",)),
)


def guide(minutes: int = WHOLE) -> tuple[Part, ...]:
    """The parts over a session of this length, without a gap.

    >>> [(one.starts, one.ends) for one in guide()]
    [(0, 10), (10, 20), (20, 70), (70, 85), (85, 90)]
    >>> [(one.starts, one.ends) for one in guide(60)][-1]
    (57, 60)
    """
    if minutes == WHOLE:
        return GUIDE
    return tuple(
        Part(
            one.code,
            round(one.starts * minutes / WHOLE),
            round(one.ends * minutes / WHOLE),
            one.title,
            one.steps,
            one.tasks,
        )
        for one in GUIDE
    )
