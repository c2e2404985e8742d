"""Which wording of a document stands: the clinic's latest version, else the one that ships."""

from dataclasses import dataclass

from reknit.base.documents.wording import Block, Value, fill
from reknit.care.closure.models import Wording

from .kinds import DOCUMENTS, NOTICE, Document


@dataclass(frozen=True, slots=True)
class Standing:
    """The wording that documents are made from now. Version 0 ships with the product."""

    document: Document
    version: int
    title: str
    body: str
    with_notice: bool
    row: Wording | None = None

    @property
    def notice(self) -> str:
        """The notice of the law, where it stands under this document."""
        return NOTICE if self.with_notice else ""


def shipped(document: Document) -> Standing:
    """The wording that ships."""
    return Standing(document, 0, str(document.title), str(document.wording), document.leaves)


def standing(key: str) -> Standing:
    """The wording of one document. One query."""
    row = Wording.objects.filter(kind=key).select_related("made_by").order_by("-version").first()
    return _of(row) if row else shipped(DOCUMENTS[key])


def all_standing() -> list[Standing]:
    """The wording of every document. One query."""
    newest = {row.kind: row for row in Wording.objects.select_related("made_by").order_by("version")}
    return [_of(newest[key]) if key in newest else shipped(one) for key, one in DOCUMENTS.items()]


def _of(row: Wording) -> Standing:
    return Standing(DOCUMENTS[row.kind], row.version, row.title, row.body, row.with_notice, row)


def round_letter(key: str, values: dict[str, Value]) -> dict[str, object]:
    """The clinic's words before and after a letter, the notice under it, and the version they come from. One query."""
    found = standing(key)
    blocks = fill(found.body, {**values, "letter": [Block("letter")]})
    place = next(number for number, one in enumerate(blocks) if one.kind == "letter")
    return {
        "version": found.version,
        "before": [one.text for one in blocks[:place]],
        "after": [one.text for one in blocks[place + 1 :]],
        "notice": found.notice,
    }
