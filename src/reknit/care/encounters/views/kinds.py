"""What the pages need to know of each kind of record: its action, where it is offered, and its own parts of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reknit.care.encounters.models import RECORDS, SessionRecord
from reknit.care.encounters.techniques import actions
from reknit.care.encounters.techniques.lines import title


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record on the pages. `key` is its shortcut; `has_page` keeps it out of the session page."""

    model: type[SessionRecord]
    keep: Callable[..., SessionRecord]
    key: str = ""
    has_page: bool = False
    parts: str = "encounters/records/_fields.html"

    @property
    def slug(self) -> str:
        return self.model.KIND

    @property
    def title(self) -> str:
        return title(self.slug)


def _kind(slug: str, keep: Callable[..., Any], **more: Any) -> Kind:
    return Kind(next(model for model in RECORDS if slug == model.KIND), keep, **more)


KINDS: dict[str, Kind] = {
    one.slug: one
    for one in (
        _kind("link", actions.keep_link, key="l"),
        _kind("step", actions.keep_step, key="s"),
        _kind("feeling", actions.keep_feeling, key="f"),
        _kind(
            "conversation",
            actions.keep_conversation,
            key="c",
            has_page=True,
            parts="encounters/records/_conversation.html",
        ),
        _kind("role-play", actions.keep_role_play, key="r", parts="encounters/records/_role_play.html"),
        _kind("decision", actions.keep_decision, has_page=True, parts="encounters/records/_decision.html"),
        _kind("support", actions.keep_support),
        _kind("exposure", actions.keep_exposure),
        _kind("mutual-help", actions.keep_mutual_help),
        _kind("conjoint", actions.keep_conjoint, has_page=True, parts="encounters/records/_conjoint.html"),
        _kind("went", actions.keep_went),
        _kind("lapse", actions.keep_lapse, has_page=True, parts="encounters/records/_lapse.html"),
        _kind("midcourse", actions.keep_midcourse, has_page=True, parts="encounters/records/_midcourse.html"),
        _kind("plan-b", actions.keep_plan_b),
    )
}
FIRST = ("link", "step", "feeling", "conversation", "role-play")  # the five used most
"""The five that are offered at once; the rest stand under More."""


def offered() -> dict[str, list[Kind]]:
    """The five, and the rest."""
    return {
        "first": [KINDS[slug] for slug in FIRST],
        "more": [one for slug, one in KINDS.items() if slug not in FIRST],
    }
