"""A protocol template written back into the shape of its file, so that one that was edited is read by the one loader.

`build_template(Table(body_of(t), "draft"), library)` is `t` again, for each template there is; a test says so.
"""

from dataclasses import asdict, replace
from typing import Any, Final

from reknit.core.programme.protocol import Gate, MeasureSet, ProtocolTemplate

LEFT_OUT: Final = ("library", "tasks", "gates", "sets")


def body_of(template: ProtocolTemplate) -> dict[str, Any]:
    """The template as plain values that JSON and TOML can hold.

    >>> from reknit.core.programme.template import template
    >>> body_of(template("ipt-16"))["tasks"]["rows"][0]
    {'code': 'E01', 'klass': 'CORE', 'every': [1, 16]}
    """
    values = asdict(replace(template, library={}))
    body = {name: _plain(value) for name, value in values.items() if name not in LEFT_OUT}
    body["tasks"] = {"rows": [_said(row, "key") for row in values["tasks"]]}
    body["gates"] = [_gate(gate) for gate in template.gates]
    body["sets"] = [_set(one) for one in template.sets]
    return _filled(body)


def _gate(gate: Gate) -> dict[str, Any]:
    return {**_said(asdict(gate)), "when": " ".join(gate.when)}


def _set(one: MeasureSet) -> dict[str, Any]:
    items = [
        {"measure": item.id, "title": item.title}
        if item.kind == "measure"
        else {"record": item.id, "title": item.title, "fact": item.fact}
        for item in one.items
    ]
    return {**_said(asdict(one), "items"), "items": items}


def _said(row: dict[str, Any], *left_out: str) -> dict[str, Any]:
    """What the row says, without what it is silent about."""
    return _filled({name: _plain(value) for name, value in row.items() if name not in left_out})


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, [], "")}


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
