"""Every figure can be read by a machine and by a screen reader, is safe with any words, and never draws none as 0."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from reknit.base.ui.figures import (
    Band,
    LineEvent,
    LineMeeting,
    LinePoint,
    LineSpan,
    Phase,
    ScorePoint,
    TimeLine,
    UseDay,
    day_strip,
    ladder,
    score_chart,
    seven_days,
    sparkline,
    stitches,
    time_line,
)

HOSTILE = '"><script>alert(1)</script>&'
BOTTOM_OF_CHART, BOTTOM_OF_SPARKLINE = "202", "46"


def week(*states: str) -> list[UseDay]:
    return [UseDay(date(2026, 6, 1) + timedelta(days=place), state) for place, state in enumerate(states)]  # type: ignore[arg-type]


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<figure>{markup}</figure>")  # noqa: S314  our own markup


def pictures(markup: str) -> list[ElementTree.Element]:
    return [svg for svg in parsed(markup).iter("svg") if svg.get("role") == "img"]


def marks(markup: str, class_: str) -> list[ElementTree.Element]:
    return [shape for shape in parsed(markup).iter() if class_ in (shape.get("class") or "").split()]


FIGURES = {
    "sparkline": sparkline([17, None, 12], band=(11, 23), label="PHQ-9 for Dana K."),
    "stitches": stitches(6, 16, [Phase("assessment", 1, 3)], [4]),
    "stitches before the first": stitches(None, 8),
    "score chart": score_chart(
        [18, None, 6], "PHQ-9", band=Band(12, 24, "may be noise: within 6"), reference=(5, "few")
    ),
    "score chart without scores": score_chart([None], "PHQ-9"),
    "score chart of nothing": score_chart([], "PHQ-9"),
    "day strip": day_strip(week("used", "not_used", "unknown", "future")),
    "seven days": seven_days(week("used", "not_used", "unknown")),
}


@pytest.mark.parametrize("markup", FIGURES.values(), ids=FIGURES.keys())
def test_figure_is_whole_xml_with_a_name_and_no_inline_style(markup: str) -> None:
    assert pictures(markup)
    assert all(len(picture.get("aria-label") or "") > 5 for picture in pictures(markup))
    assert "style=" not in markup and "<style" not in markup


@pytest.mark.parametrize(
    "markup",
    [
        sparkline([3], label=HOSTILE),
        stitches(1, 2, [Phase(HOSTILE, 1, 2)], word=HOSTILE),
        score_chart([ScorePoint(HOSTILE, 4)], HOSTILE, band=Band(1, 3, HOSTILE), reference=(2, HOSTILE)),
        day_strip(week("used"), labels=[HOSTILE]),
        seven_days(week("used"), heading=HOSTILE),
    ],
)
def test_figure_escapes_hostile_words(markup: str) -> None:
    assert "<script" not in markup
    assert parsed(markup) is not None


def test_sparkline_draws_no_score_as_a_cross_and_a_dotted_line() -> None:
    markup = sparkline([17, None, 12])
    assert len(marks(markup, "d-miss")) == 1
    assert len(marks(markup, "l-gap")) == 1
    assert not any(f" {BOTTOM_OF_SPARKLINE}" in (line.get("d") or "") for line in marks(markup, "l-mood"))
    assert "no score" in (pictures(markup)[0].get("aria-label") or "")


def test_sparkline_without_scores_has_no_mark() -> None:
    assert not marks(sparkline([None, None]), "d-mood")


def test_score_chart_never_draws_none_as_zero() -> None:
    markup = score_chart([18, None, 6], "PHQ-9", width="wide")
    circles = marks(markup, "d-mood")
    assert len(circles) == 2
    assert BOTTOM_OF_CHART not in {circle.get("cy") for circle in circles}


def test_score_chart_draws_a_real_zero_at_the_bottom() -> None:
    (circle,) = marks(score_chart([0], "PHQ-9", width="wide"), "d-mood")
    assert circle.get("cy") == BOTTOM_OF_CHART


def test_score_chart_draws_a_prorated_score_open_and_says_so() -> None:
    markup = score_chart([ScorePoint("1", 9, "prorated")], "PHQ-9", width="wide")
    assert marks(markup, "d-part") and not marks(markup, "d-mood")
    assert "9 with answers missing" in (pictures(markup)[0].get("aria-label") or "")


def test_score_chart_keeps_its_full_scale() -> None:
    words = {text.text for text in parsed(score_chart([18, 17], "PHQ-9", width="wide")).iter("text")}
    assert {"0", "27"} <= words


def test_score_chart_leaves_the_future_blank() -> None:
    shapes = [*marks(score_chart([5, 5], "GAD-7", (0, 21), last=16, width="wide"), "d-mood")]
    assert max(float(shape.get("cx") or 0) for shape in shapes) < 100


def test_words_of_the_dashed_line_give_way_to_a_latest_score_that_stands_on_it() -> None:
    markup = score_chart([4, 3], "Quality", (1, 5), reference=(3, "3.0: adherent"), width="wide")
    at = {text.text: float(text.get("y") or 0) for text in parsed(markup).iter("text")}
    latest = next(float(text.get("y") or 0) for text in marks(markup, "t-mood") if text.text == "3")
    assert at["3.0:"] - latest >= 17 and at["adherent"] > at["3.0:"]


def test_stitches_say_where_and_mark_the_missed() -> None:
    markup = stitches(6, 16, missed=[4], width="wide")
    assert len(marks(markup, "st-done")) == 4
    assert len(marks(markup, "st-miss")) == len(marks(markup, "st-now")) == 1
    assert len(marks(markup, "st-next")) == 10
    assert pictures(markup)[0].get("aria-label") == "Session 6 of 16. Missed: 4."


def test_stitches_come_wide_and_narrow() -> None:
    assert {svg.get("viewBox") for svg in pictures(stitches(1, 4))} == {"0 0 640 42", "0 0 328 42"}


def test_stitches_keep_one_stitch_a_session_inside_the_drawing() -> None:
    numbers = [
        float(x)
        for x in re.findall(
            r"L([\d.]+) 5", stitches(1, 24, [Phase("a", 1, 8), Phase("b", 9, 24)], width="narrow")
        )
    ]
    assert len(numbers) == 24 and max(numbers) <= 328


def test_day_strip_leaves_unknown_days_out_of_the_count() -> None:
    markup = day_strip(week("not_used", "used", "unknown", "not_used"))
    assert "2 of 3" in markup and "1 not known" in markup
    assert len(marks(markup.split("<ul")[0], "no-day")) == 1


def test_day_strip_with_nothing_known_gives_no_percentage() -> None:
    assert "%" not in day_strip(week("unknown", "unknown"))


def test_day_strip_makes_a_row_of_four_weeks() -> None:
    assert day_strip(week(*["not_used"] * 57), key=False).count("<li>") == 3


def test_day_strip_draws_days_to_come_as_a_line_only() -> None:
    markup = day_strip(week("future"), key=False)
    assert not marks(markup, "free-day") and "1 to come" in markup


def test_seven_days_names_each_day() -> None:
    name = pictures(seven_days(week("used", "not_used", "unknown")))[0].get("aria-label")
    assert name == "Last seven days: used on Monday; no use on Tuesday; not known: Wednesday"


def a_line(events: int = 3, days: int = 60, **more: object) -> TimeLine:
    first = date(2026, 3, 1)
    states = ["used", "not_used", "not_used", "unknown"]
    values: dict[str, object] = {
        "start": first,
        "end": first + timedelta(days=days),
        "today": first + timedelta(days=days // 2),
        "events": [
            LineEvent(
                first + timedelta(days=place * days // events), f"{HOSTILE} {place}", exact=place % 2 == 0
            )
            for place in range(events)
        ],
        "points": [
            LinePoint(first, 18),
            LinePoint(first + timedelta(days=7), None),
            LinePoint(first, 9, "remembered"),
        ],
        "days": [UseDay(first + timedelta(days=n), states[n % 4]) for n in range(28)],  # type: ignore[arg-type]
        "spans": [LineSpan(first, first + timedelta(days=5))],
        "meetings": [LineMeeting(first, "1"), LineMeeting(first + timedelta(days=7), "", "missed")],
    }
    return TimeLine(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("events", [0, 1, 3, 30])
@pytest.mark.parametrize("days", [1, 60, 800, 20_000])
def test_time_line_is_whole_and_safe_however_long(events: int, days: int) -> None:
    markup = time_line(a_line(events, days))
    assert len(pictures(markup)) == 2 and "<script>" not in markup and "style=" not in markup
    assert all(len(picture.get("aria-label") or "") > 5 for picture in pictures(markup))


def test_time_line_of_nothing_draws_no_mark() -> None:
    first = date(2026, 3, 1)
    markup = time_line(TimeLine(first, first + timedelta(days=7)), width="wide")
    assert not marks(markup, "ev") and not marks(markup, "d-mood") and not marks(markup, "use-day")


def test_time_line_keeps_measured_and_remembered_apart_and_draws_gaps() -> None:
    markup = time_line(a_line(), width="wide")
    figure = markup.split("</svg>")[0] + "</svg>"
    assert len(marks(figure, "d-mood")) == 1 and len(marks(figure, "d-recall")) == 1
    assert len(marks(figure, "d-miss")) == 1
    assert len(marks(figure, "ev")) == 2 and len(marks(figure, "ev-soft")) == 1


def test_day_of_use_is_a_mark_on_the_band_and_takes_none_of_it_back() -> None:
    first = date(2026, 3, 1)
    days = [UseDay(first + timedelta(days=n), "used" if n == 3 else "not_used") for n in range(8)]
    figure = (
        time_line(TimeLine(first, first + timedelta(days=7), days=days), width="wide").split("</svg>")[0]
        + "</svg>"
    )
    wide = sum(float(band.get("width") or 0) for band in marks(figure, "free-band"))
    assert (
        len(marks(figure, "use-day")) == 1 and wide > 8 * 100
    )  # eight days of the axis, the day of use among them
    assert not marks(figure, "no-day")


def test_many_events_are_numbered_with_their_list() -> None:
    few, many = time_line(a_line(3), width="wide"), time_line(a_line(30), width="wide")
    assert "<ol" not in few and many.count("<li value=") == 30


def test_private_event_is_marked_to_stay_off_a_print_and_its_number_stays_with_it() -> None:
    first = date(2026, 3, 1)
    events = [LineEvent(first, "Open"), LineEvent(first, "Private", strong=True, private=True)]
    markup = time_line(TimeLine(first, first + timedelta(days=7), events=events), width="narrow")
    off = marks(markup, "off-print")
    assert {shape.tag for shape in off} == {"circle", "text", "path", "li"}
    assert [shape.get("value") for shape in off if shape.tag == "li"] == ["2"]


def test_ladder_of_a_goal_draws_its_start_open_and_no_rating_as_a_cross() -> None:
    drawn = ladder(
        [ScorePoint("start", -1, "remembered"), ScorePoint("4", None), ScorePoint("8", 1)], label=HOSTILE
    )
    assert len(marks(drawn, "ev-soft")) == 1 and len(marks(drawn, "ev")) == 1
    assert len(marks(drawn, "d-miss")) == 1
    (picture,) = pictures(drawn)
    said = picture.get("aria-label") or ""
    assert "start: \u22121, 4: not rated, 8: +1" in said and HOSTILE in said
    low, high = marks(drawn, "ev-soft")[0].get("cy"), marks(drawn, "ev")[0].get("cy")
    assert float(low or 0) > float(high or 0), "better stands higher"
