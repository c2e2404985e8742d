"""The pages of the reference on measures: an index, and one page for each measure, from the definitions."""

from reknit.core.measures.catalogue import loinc_notice, measures
from reknit.core.measures.definition import Measure
from reknit.core.measures.describing import BETTER, LICENCE, WORDING, page, recall_text
from reknit.core.measures.wording import wording_state

HEAD = """\
# Measures

Written by `./reknit docs` from the definitions; `./reknit check` fails when it is out of date.

Each measure is a file in `src/reknit/core/measures/definitions/`; its wording is in a content pack beside it, one licence each. A
score is a screening statement and no diagnosis. What could not be checked is listed on the page of its measure and not used.

On the command line: `./reknit measures`, `./reknit measures show ID`, `./reknit score ID [FILE]`.

"""

STATES = """\

## States of a score

| state | means | total and band |
|---|---|---|
| complete | every scored item answered, skipped by the form, or not applicable | yes |
| prorated | few enough blank; blanks take the mean of the answered ones. Two decimals; the band is that of the half-up rounded value | yes |
| incomplete | more blank than the rule allows | no |
| invalid | an answer that is not one of the item's choices, or an item that is not there | no; such a sheet is refused with the item's name |

Every sheet keeps the version of the definition that scored it. A critical item speaks whatever the state and the total; left
blank, it is a finding of its own. A skip fills blanks only: an answered item always counts, and the sheet is flagged.

## Words and licences

| state | what it takes to show the words |
|---|---|
| `shipped` | nothing; the credit line is shown with them |
| `own_terms` | the site switches on the pack, whose terms are narrower than those of the software, or says that it has no commercial purpose (`REKNIT_NON_COMMERCIAL`) where the pack asks for that |
| `site_permission` | the site records its own permission (who gave it, when, where it can be found) and adds the words it was given |

The administrator or the director records a permission on [the page of questionnaires](../how-to/record-a-permission.md). A site
may also say it in the folder `measures` of its data: `site.toml`, and one `<measure>.<language>.toml` for each wording it was
given. The folder is read when the clinic starts.

```toml
packs = ["audit"]

[[permissions]]
measure = "wsas"
given_by = "who gave it"
given_on = "2026-01-31"
reference = "letter, contract or message it can be found under"
until = "2027-01-31"  # its last day, where it has one
```

A measure without words can be scored and not given on a page. Words travel with the software where they were compared, word for
word, with the publisher's form or with two copies that do not come from each other; each `pack.toml` names them with the day, and
`./reknit check` fails where one is lacking. Where that was not possible the words are not in hand, and the state says so
(`not_in_hand`) whatever the terms: there is nothing to switch on. The page of the measure says what was found and where it ended.

A site that holds such a form gets it from its holder, loads it word for word on the page of questionnaires, and, where its terms
are its own, switches on its pack.

## Notices

LOINC codes come with this notice, which also stands in `LOINC-NOTICE.txt` beside the definitions:

"""

TAIL = """
To add one, see [CONTRIBUTING](../../CONTRIBUTING.md). To judge change between two scores, see
[reliable change](../explanation/reliable-change.md). Scores of real people, and how to get them again:
[PHQ-9 in NHANES](../explanation/phq-9-in-nhanes.md).
"""


def measure_pages() -> dict[str, str]:
    """Every page by its path below `docs/reference`."""
    return {"measures.md": _index()} | {f"measures/{one.id}.md": page(one) for one in measures()}


def _index() -> str:
    lines = [
        "| id | measure | items | total | higher is | about | licence | words |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(one) for one in measures()]
    return HEAD + "\n".join(lines) + "\n" + STATES + f"> {loinc_notice()}\n" + TAIL


def _line(one: Measure) -> str:
    low, high = one.score_range
    total = (
        "none" if one.scoring == "none" else f"{low} to {high}" + (", mean" if one.scoring == "mean" else "")
    )
    cells = [
        f"[`{one.id}`](measures/{one.id}.md)",
        one.short_title,
        str(len([item for item in one.items if not item.helper])),
        total,
        "" if one.scoring == "none" else BETTER[one.direction],
        recall_text(one),
        LICENCE[one.licence.state],
        WORDING[wording_state(one)],
    ]
    return f"| {' | '.join(cells)} |"
