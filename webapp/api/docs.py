"""GET /docs: the description of the API as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import current_app, render_template
from markupsafe import Markup, escape

from webapp.accounts.access import open_to_all
from webapp.api.spec import PATH

blueprint = APIBlueprint("docs", __name__)

Spec = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One field of a body, or one parameter: its name, type in words, and whether it must be."""

    name: str
    type: str
    required: bool


@dataclass(frozen=True)
class Call:
    """One call, as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    roles: list[str]
    parameters: list[Field]
    body: list[Field]
    body_says: str
    answer: list[Field]
    answer_says: str
    statuses: dict[str, str]


@blueprint.get("/docs")
@open_to_all
@blueprint.doc(hide=True)
def show() -> str:
    """Render the description of the API."""
    spec = cast(Spec, cast(APIFlask, current_app)._get_spec("json"))
    sections: dict[str, list[Call]] = {tag["name"]: [] for tag in spec["tags"]}
    for tag, call in _calls(spec):
        sections[tag].append(call)
    return render_template(
        "api/docs.html", info=spec["info"], sections=sections, prefix=PATH, coded=coded
    )


def _calls(spec: Spec) -> Iterator[tuple[str, Call]]:
    for path, operations in spec["paths"].items():
        shared = operations.get("parameters", [])
        for method, said in operations.items():
            if method != "parameters":
                yield said["tags"][0], _call(spec, path, method, said, shared)


def _call(spec: Spec, path: str, method: str, said: Spec, shared: list[Spec]) -> Call:
    good = next(status for status in sorted(said["responses"]) if status.startswith("2"))
    body = _content(spec, said.get("requestBody", {}))
    answer = _content(spec, said["responses"][good])
    parameters = [*shared, *said.get("parameters", [])]
    return Call(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=said.get("description", ""),
        roles=said["x-roles"],
        parameters=[
            Field(p["name"], type_in_words(spec, p["schema"]), p.get("required", False))
            for p in parameters
        ],
        body=_fields(spec, body),
        body_says=body.get("description", ""),
        answer=_fields(spec, answer),
        answer_says=answer.get("description", ""),
        statuses={status: r["description"] for status, r in sorted(said["responses"].items())},
    )


def _content(spec: Spec, holder: Spec) -> Spec:
    """Give the schema of a body or answer."""
    for content in holder.get("content", {}).values():
        return _resolved(spec, content["schema"])
    return {}


def _fields(spec: Spec, schema: Spec, prefix: str = "") -> list[Field]:
    """Give the fields of an object, those of the objects in its lists after each list."""
    required = schema.get("required", [])
    found = []
    for name, of in schema.get("properties", {}).items():
        found.append(Field(prefix + name, type_in_words(spec, of), name in required))
        if of.get("type") == "array":
            found += _fields(spec, _resolved(spec, of.get("items", {})), f"{prefix}{name}[].")
    return found


def _resolved(spec: Spec, schema: Spec) -> Spec:
    """Give a schema, its reference followed."""
    if "$ref" not in schema:
        return schema
    return cast(Spec, spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])


def coded(text: str) -> Markup:
    """Give a text with what stands in `backticks` as code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def type_in_words(spec: Spec, schema: Spec) -> str:
    """Give a schema's type as a reader of the page wants it."""
    schema = _resolved(spec, schema)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema and "type" not in schema:
        parts = (type_in_words(spec, part) for part in schema["anyOf"])
        return " or ".join(dict.fromkeys(parts))
    if schema.get("type") == "array":
        return f"list of {type_in_words(spec, schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))
