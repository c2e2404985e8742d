"""Writes SVG elements safely: every attribute and every word is escaped here, and nowhere else."""

from collections.abc import Iterable
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString

Attribute = str | int | float | None


def number(value: float) -> str:
    """One decimal is a tenth of a pixel; more only makes the page heavier. 5.0 becomes "5"."""
    return f"{round(value, 1):g}"


def element(name: str, *children: str, **attributes: Attribute) -> SafeString:
    """One element. `class_` becomes `class`, `text_anchor` becomes `text-anchor`; None leaves the attribute out.

    A page draws hundreds of these, so it is written plainly: each attribute is escaped, whatever it is, and
    children are escaped unless they are elements already.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, float) else escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(child if isinstance(child, SafeString) else escape(str(child)) for child in children)
    return SafeString(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")


def join(parts: Iterable[str]) -> SafeString:
    """Parts side by side; text that is not yet safe is escaped."""
    return SafeString("".join(part if isinstance(part, SafeString) else escape(str(part)) for part in parts))


def text(words: str, *, x: float, y: float, class_: str = "t-faint", anchor: str | None = None) -> SafeString:
    return element("text", str(words), class_=class_, x=float(x), y=float(y), text_anchor=anchor)


def path(d: str, class_: str, **attributes: Attribute) -> SafeString:
    return element("path", class_=class_, d=d, **attributes)


def line(points: Iterable[tuple[float, float]]) -> str:
    """Path data through these points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def cross(x: float, y: float, size: float) -> SafeString:
    """The mark for "no score"."""
    half = size / 2
    return path(
        f"M{number(x - half)} {number(y - half)}l{number(size)} {number(size)}m0-{number(size)}l-{number(size)} {number(size)}",
        "d-miss",
    )


def figure(*children: str, label: str, width: float, height: float, class_: str = "chart") -> SafeString:
    """The `<svg>` itself, always with a name."""
    return element(
        "svg",
        *children,
        class_=class_,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_label=label,
    )


def key(meanings: Iterable[tuple[str, str]], *, width: int = 18, height: int = 18) -> SafeString:
    """Marks and their words, under a figure; nothing when there is nothing to explain."""
    rows = join(
        format_html(
            '<li><svg viewBox="0 0 {} {}" aria-hidden="true">{}</svg>{}</li>', width, height, shape, words
        )
        for shape, words in meanings
    )
    return format_html('<ul class="key">{}</ul>', rows) if rows else rows


def both_widths(*, wide: str, narrow: str) -> SafeString:
    """Two drawings of one figure; the page's width shows one and hides the other from everyone."""
    return format_html('<div class="wide-only">{}</div><div class="narrow-only">{}</div>', wide, narrow)
