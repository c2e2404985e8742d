"""Each consent in plain words, as it is told to the client and printed for them (ipt.md 10.1.4). Nothing is asked in one tick."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .models import Consent

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Words = str | StrPromise

Kind = Consent.Kind


@dataclass(frozen=True, slots=True)
class Explained:
    """What one consent is about, and what it means to take it back."""

    key: str
    title: "Words"
    says: "Words"
    back: "Words"


ITEMS: tuple[Explained, ...] = (
    Explained(
        Kind.CARE,
        _("Care, and how it is paid for"),
        _(
            "We meet with you, keep a record of your care, and tell whoever pays what they need to pay for it. "
            "The people who care for you here can read your record. Nobody else can, unless you agree or the law says so."
        ),
        _("You can stop at any time. We keep what was written, and write nothing new."),
    ),
    Explained(
        "notes",
        _("Counselling notes"),
        _(
            "Your therapist may keep notes of their own, apart from your record. They leave this clinic only if you sign for it, "
            "on a form of its own, with the therapist who wrote them. Your care here never depends on that."
        ),
        _("Tell your therapist. From then on no such note is given to anybody."),
    ),
    Explained(
        Kind.RECORDING,
        _("Recording sessions"),
        _(
            "A session may be recorded so that your therapist and their supervisor can listen to it and learn. "
            "You can say no to any single session. Your care does not depend on it."
        ),
        _("Tell your therapist. No more sessions are recorded."),
    ),
    Explained(
        Kind.PORTAL,
        _("Pages of your own"),
        _(
            "You get a sign-in to see your times, fill in forms and read what was given to you. "
            "Somebody who has your phone could see it too, so say no if that is not safe."
        ),
        _("Tell us, and we close your sign-in."),
    ),
    Explained(
        Kind.SHARE,
        _("People we may talk to"),
        _(
            "You name a person, what we may tell them, what for, and until when. Nothing else is told, and nobody else."
        ),
        _("You can end it for each person by itself, on any day. What was told before cannot be taken back."),
    ),
    Explained(
        Kind.RESEARCH,
        _("Research"),
        _(
            "Your answers, without your name, may be used to learn which care helps. Your care does not depend on it."
        ),
        _("Tell us. Your answers are used in nothing new."),
    ),
)
