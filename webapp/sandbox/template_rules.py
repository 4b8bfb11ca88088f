"""Templates: filling one for a phone, and reading one as Meta's API describes it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.sandbox.graph_errors import GraphError

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
NAME = re.compile(r"[a-z0-9_]{1,512}")
CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
STOPPED = {"PAUSED": 132015, "DISABLED": 132016}


@dataclass(frozen=True)
class Template:
    """A template as the sandbox keeps it; `buttons` are `{type, text, url}`."""

    id: int
    name: str
    language: str
    category: str
    status: str
    header: str
    body: str
    footer: str
    buttons: Sequence[Mapping[str, str]]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Template:
        """Read a database row."""
        fields = {name: row[name] for name in cls.__dataclass_fields__ if name != "buttons"}
        return cls(**fields, buttons=json.loads(row["buttons"]))

    def as_meta(self) -> dict[str, Any]:
        """Give it as Meta's API lists it."""
        parts: list[dict[str, Any]] = [{"type": "BODY", "text": self.body}]
        if self.header:
            parts.insert(0, {"type": "HEADER", "format": "TEXT", "text": self.header})
        if self.footer:
            parts.append({"type": "FOOTER", "text": self.footer})
        if self.buttons:
            buttons = [{k: v for k, v in button.items() if v} for button in self.buttons]
            parts.append({"type": "BUTTONS", "buttons": buttons})
        return {
            "name": self.name,
            "components": parts,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "id": str(self.id),
        }


def fill(
    template: Template | None, name: str, language: str, components: Sequence[Mapping[str, Any]]
) -> tuple[str, dict[str, Any]]:
    """Fill a template with what a request brings; raises GraphError as Meta does.

    Gives the body's text, and what a phone shows besides.
    """
    if template is None:
        raise GraphError(132001, f"template name ({name}) does not exist in {language}"[:200])
    if template.status in STOPPED:
        raise GraphError(STOPPED[template.status], f"template ({name}) is {template.status}"[:200])
    detail = {
        "template": template.name,
        "language": template.language,
        "category": template.category,
        "header": _filled("header", template.header, _values(components, "header")),
        "footer": template.footer,
        "buttons": _buttons(template, components),
    }
    return _filled("body", template.body, _values(components, "body")), detail


def _filled(part: str, text: str, values: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if len(values) != len(names):
        raise GraphError(
            132000,
            f"{part}: number of localizable_params ({len(values)}) does not match"
            f" the expected number of params ({len(names)})",
        )
    if not all(isinstance(v.get("text"), str) and v["text"].strip() for v in values if _text(v)):
        raise GraphError(131008, f"{part}: a parameter of type text is missing text value")
    numbered = sorted(
        names, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0)
    )
    by_name = {
        str(value.get("parameter_name") or numbered[place]): str(value.get("text") or "…")
        for place, value in enumerate(values)
    }
    return VARIABLE.sub(lambda found: by_name.get(found.group(1), "…"), text)


def _text(value: Mapping[str, Any]) -> bool:
    return bool(value.get("type", "text") == "text")


def _values(components: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    for component in components:
        if str(component.get("type", "")).lower() == kind:
            given = component.get("parameters")
            return (
                [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
            )
    return []


def _buttons(template: Template, components: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Give the buttons with their payloads: what the request says, else the button's text."""
    payloads: dict[str, str] = {}
    for component in components:
        if str(component.get("type", "")).lower() == "button":
            given = component.get("parameters")
            first = given[0] if isinstance(given, list) and given else {}
            payload = first.get("payload") or first.get("text") if isinstance(first, dict) else ""
            payloads[str(component.get("index"))] = str(payload or "")
    return [
        {
            "kind": "button" if button["type"] == "QUICK_REPLY" else "link",
            "title": button["text"],
            "payload": payloads.get(str(place)) or button["text"],
        }
        for place, button in enumerate(template.buttons)
    ]


def read_template(body: Any) -> dict[str, Any]:
    """Read a request that makes a template, for `store.register_templates`. Raises GraphError."""
    if not isinstance(body, dict):
        raise GraphError(100, "The body is no JSON object.")
    name, language = body.get("name"), body.get("language")
    category = str(body.get("category", "")).upper()
    parts = {
        str(part.get("type", "")).upper(): part
        for part in body.get("components") or ()
        if isinstance(part, dict)
    }
    if not isinstance(name, str) or not NAME.fullmatch(name) or not isinstance(language, str):
        raise GraphError(100, "name takes lower-case letters, digits and _; language a code")
    if category not in CATEGORIES or not isinstance(parts.get("BODY", {}).get("text"), str):
        raise GraphError(100, f"category is one of {', '.join(CATEGORIES)}; a BODY has a text")
    return {
        "name": name,
        "language": language,
        "category": category,
        "header": parts.get("HEADER", {}).get("text"),
        "body": parts["BODY"]["text"],
        "footer": parts.get("FOOTER", {}).get("text"),
        "buttons": [b for b in parts.get("BUTTONS", {}).get("buttons") or () if b.get("text")],
    }
