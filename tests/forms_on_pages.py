"""Reading the forms of a page as a browser does, so that a test can send them as they stand or changed."""

import datetime as dt
from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXT = {"text", "search", "email", "tel", "url", "date", "time", "number", "password"}

EVERY = (*sorted(TEXT), "textarea", "hidden", "radio", "checkbox", "option", "button")
NUMBERS = {"phone", "number", "value", "emergency_number"}


@dataclass
class Control:
    """One control of a form."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True


@dataclass
class PageForm:
    """A form that posts, and what it would send."""

    action: str
    controls: list[Control] = field(default_factory=list)

    def values(self, *, today: dt.date) -> dict[str, list[str]]:
        """What a person sends who fills in every line and takes the first answer where none is given."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            if control.kind in {"radio", "checkbox", "option"} and not control.is_on:
                continue
            if control.name not in sent or control.kind == "checkbox":
                sent.setdefault(control.name, []).append(control.value or plausible(control, today))
        for control in self.controls:
            is_group = control.kind == "checkbox" and self.boxes(control.name) > 1
            if (control.kind in {"radio", "option"} or is_group) and control.value:
                sent.setdefault(control.name, [control.value])
                if sent[control.name] == [""]:
                    sent[control.name] = [control.value]
        return sent

    def boxes(self, name: str) -> int:
        """How many boxes share this name."""
        return sum(control.kind == "checkbox" and control.name == name for control in self.controls)

    @property
    def signs_in(self) -> bool:
        """Whether this is the dialog of the autosave, whose script sends it to the sign-in page."""
        return {"login", "password", "code"} <= {control.name for control in self.controls}

    def lines(self, *kinds: str) -> list[str]:
        """Names of the controls of these kinds; of many that differ only in a date or a number, the first."""
        found: dict[str, str] = {}
        for control in self.controls:
            if control.kind in kinds and control.name != "csrfmiddlewaretoken":
                found.setdefault("".join(c for c in control.name if not c.isdigit()), control.name)
        return list(found.values())


def plausible(control: Control, today: dt.date) -> str:
    """Something that fits an empty line."""
    if control.kind in {"text", "tel"} and control.name.split("-")[-1] in NUMBERS:
        return "01 23 45 67 89"
    return {
        "date": today.isoformat(),
        "time": "09:30",
        "number": "50",
        "email": "somebody@clinic.example",
        "text": "Plain words",
        "textarea": "Plain words",
    }.get(control.kind, "")


class FormReader(HTMLParser):
    """Collects the forms of one page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self.form: PageForm | None = None
        self.select = ""
        self.area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and found.get("method", "").lower() == "post":
            self.form = PageForm(found.get("action") or self.address)
            self.forms.append(self.form)
        if self.form is None:
            return
        name = found.get("name", "")
        if tag == "input" and name:
            kind = found.get("type", "text")
            self.form.controls.append(Control(name, kind, found.get("value", ""), "checked" in found))
        elif tag == "button" and name:
            self.form.controls.append(Control(name, "button", found.get("value", "")))
        elif tag == "textarea" and name:
            self.area = Control(name, "textarea")
            self.form.controls.append(self.area)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            self.form.controls.append(
                Control(self.select, "option", found.get("value", ""), "selected" in found)
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data.strip("\n") if not self.area.value else data


def forms_of(page: str, address: str) -> list[PageForm]:
    """The posting forms of a page that ask for something. The dialog that signs in again has no address of its own."""
    reader = FormReader(address)
    reader.feed(page)
    return [form for form in reader.forms if form.lines(*EVERY) and not form.signs_in]
