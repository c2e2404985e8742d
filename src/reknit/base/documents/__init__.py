"""Letters and reports as tagged PDF. Each room owns its templates; this shelf renders them.

A template is Typst text that imports `letter.typ` from here. Facts and words reach it as JSON input, never by
joining strings, so nothing a person typed is ever read as markup. Every document is PDF/UA-1: it has a title,
a language, tags, and an alternative text for each picture; one that lacks them is refused while it is made.
"""

from .pdf import print_svg, render, render_document

__all__ = ["print_svg", "render", "render_document"]
