"""The icons, drawn for this product on a 24 px grid with a 1.6 px stroke. An icon never stands without a word."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_SHAPES = {
    "book": '<path d="M5 5h5.5c1 0 1.5.5 1.5 1.500V19c0-.8-.7-1.5-1.5-1.500H5zM19 5h-5.500c-1 0-1.5.5-1.5 1.500V19c0-.8.7-1.5 1.5-1.500H19z"/>',
    "calendar": '<path d="M4 6.500h16v13H4zM4 10.500h16M8 4v4M16 4v4"/>',
    "chart": '<path d="M4 19.500h16M4.5 15l5-4 4 2.5 6-7"/>',
    "check": '<path d="M5 12.500l4.5 4.500L19 7.5"/>',
    "circle": '<circle cx="12" cy="12" r="8"/><circle cx="12" cy="4" r="1.8"/><circle cx="18.9" cy="16" r="1.8"/><circle cx="5.1" cy="16" r="1.8"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 7.500V12l3 2"/>',
    "download": '<path d="M12 4.500v10M7.5 10.500l4.5 4.5 4.5-4.500M5 19.500h14"/>',
    "help": '<circle cx="12" cy="12" r="8"/><path d="M12 8v4.500M12 16h.01"/>',
    "inbox": '<path d="M4 13.500l2.5-8h11l2.5 8v5.500H4zM4 13.500h4.500l1.5 2.500h4l1.5-2.500H20"/>',
    "leave": '<path d="M10 5H5v14h5M14 8l4 4-4 4M18 12H9"/>',
    "letter": '<path d="M4 6.500h16v11H4zM4.5 7l7.5 6 7.5-6"/>',
    "link": '<path d="M10 14a3.6 3.6 0 0 0 5.1 0l3-3A3.6 3.6 0 0 0 13 5.900l-1 1M14 10a3.6 3.6 0 0 0-5.1 0l-3 3A3.6 3.6 0 0 0 11 18.100l1-1"/>',
    "listen": '<path d="M5 9.500h3l4-3.500v12l-4-3.500H5zM15.5 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11"/>',
    "lock": '<path d="M6 11h12v8.500H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "more": '<circle cx="5" cy="12" r="1.2"/><circle cx="12" cy="12" r="1.2"/><circle cx="19" cy="12" r="1.2"/>',
    "note": '<path d="M5 4.500h14v15H5zM8.5 9h7M8.5 12.500h7M8.5 16h4"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M3 19.500c0-3.5 2.5-5.5 6-5.500s6 2 6 5.500M15.5 5.300a3.5 3.5 0 0 1 0 6.400M17 14.300c2.5.7 4 2.5 4 5.2"/>',
    "phone": '<path d="M6 4.500h3.500l1.5 4-2 1.500a11 11 0 0 0 5 5l1.5-2 4 1.500V18c0 1-.8 1.8-1.8 1.700C10.5 19.2 4.8 13.5 4.3 6.3 4.2 5.3 5 4.5 6 4.500z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "settings": '<path d="M4 7h8M17 7h3M4 17h3M12 17h8"/><circle cx="14.5" cy="7" r="2.5"/><circle cx="9.5" cy="17" r="2.5"/>',
    "shield": '<path d="M12 3.500l7 2.500v6c0 4.5-3 7.2-7 8.5-4-1.3-7-4-7-8.500V6z"/>',
    "stitches": '<path d="M4 6l4 5 4-5 4 5 4-5M4 13l4 5 4-5 4 5 4-5"/>',
    "talk": '<path d="M4 5.500h16v11H10l-4.5 3.500v-3.500H4z"/>',
}

NAMES = tuple(_SHAPES)

_FACE_MOUTHS = (
    "M8 17.500c1.5-3 6.5-3 8 0",
    "M8 16.800c2-1.6 6-1.6 8 0",
    "M8 16h8",
    "M8 15.200c2 1.6 6 1.6 8 0",
    "M8 14.500c1.5 3 6.5 3 8 0",
)


def icon(name: str) -> SafeString:
    """Raises KeyError for a name that does not exist: a page with a hole in it should fail in its test."""
    return format_html(
        '<svg class="ico" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        mark_safe(_SHAPES[name]),  # noqa: S308
    )


def face(place: int) -> SafeString:
    """One of five faces, from very low (0) to very good (4); the word beside it carries the meaning."""
    return format_html(
        '<svg class="face" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/>'
        '<path d="{}"/><path d="M9 9.500v.5M15 9.500v.5"/></svg>',
        _FACE_MOUTHS[max(0, min(place, 4))],
    )
