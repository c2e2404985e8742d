"""One text as a tagged PDF, in the usual size or in big print."""

import dataclasses
import datetime as dt
from importlib import resources

from reknit.base.documents import render
from reknit.care.people.queries import site
from reknit.core.materials.catalogue import Material, pack

SIZES = {False: 12, True: 18}  # points


def pdf_of(text: Material, *, is_big: bool, on: dt.date) -> bytes:
    """The pages. Their title names nothing: a reader's window shows it, and so does a shared printer."""
    source = resources.files(__package__).joinpath("sheet.typ").read_text()
    here, frame = site(), pack().frame(text.language)
    numbers = [] if here is None else [(line["name"], line["number"]) for line in here.help_lines]
    data = {
        "heading": text.title,
        "parts": [dataclasses.asdict(part) for part in text.parts],
        "frame": dataclasses.asdict(frame),
        "emergency": here.emergency_number if here else "",
        "phone": here.phone if here else "",
        "lines": numbers,
        "size": SIZES[is_big],
        "foot": here.name if here else "",
    }
    title = {"en": "Reading", "es": "Lectura"}[text.language]
    return render(source, data=data, title=title, language=text.language, on=on)
