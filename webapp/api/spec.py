"""The OpenAPI 3.1 description: what the framework derives, and what is true of every call."""

from __future__ import annotations

from functools import partial
from typing import Any

from apiflask import APIFlask

from webapp.accounts.rules import ConsentLimits, Role, may
from webapp.api.consents import ConsentIn, ConsentOut
from webapp.api.idempotency import HEADER
from webapp.api.ndjson import MIMETYPE as NDJSON
from webapp.api.problems import MIMETYPE, PREFIX
from webapp.api.schemas import Problem
from webapp.core.web import LARGEST_ID

PATH = "/api/v1"
REF = "#/components/schemas/"
DESCRIPTION = (
    "Consent, contacts and messages of one Heed account. Send a token as"
    " `Authorization: Bearer`; it has a role and that role's rights. Times are RFC 3339 in UTC."
    " Lists come in pages: pass a page's `next_cursor` as `cursor`. Errors are RFC 9457 problem"
    f" details whose `type` is `{PREFIX}` and a word that does not change. A POST with an"
    " `Idempotency-Key` has one effect, however often it arrives."
)
TAGS = ("Contacts", "Consents", "Messages")
# What may go wrong with any call, and with those that have a body or change something.
ALWAYS = {"400": "The request cannot be read", "401": "No valid token", "403": "Not your right"}
WRITES = {
    "409": "It contradicts what stands, or the same call is being answered",
    "413": "The body is too large",
    "422": "An input cannot be accepted; `field` names it",
}


def describe(app: APIFlask) -> None:
    """Set what the description says of the API as a whole, and finish each call's."""
    app.config.update(
        DESCRIPTION=DESCRIPTION,
        LICENSE={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        # Of this site, whatever name a request gave it: the description is made once.
        SERVERS=[{"url": "/"}],
        SECURITY_SCHEMES={"token": {"type": "http", "scheme": "bearer"}},
        AUTO_OPERATION_ID=True,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
    )
    app.spec_processor(partial(_finish, app))


def _finish(app: APIFlask, spec: dict[str, Any]) -> dict[str, Any]:
    roles = _roles(app)
    schemas = spec["components"].setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    spec["security"] = [{"token": []}]
    spec["tags"] = [{"name": name} for name in TAGS]
    for path, operations in spec["paths"].items():
        for parameter in operations.get("parameters", []):
            parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
        for method in ("get", "post", "put", "patch", "delete"):
            if method in operations:
                call = operations[method]
                call["x-roles"] = roles[call["operationId"]]
                _finish_call(call, method, with_id="{" in path)
    _describe_bulk(spec["paths"][f"{PATH}/consents/bulk"]["post"])
    return spec


def _finish_call(call: dict[str, Any], method: str, *, with_id: bool) -> None:
    for parameter in call.get("parameters", []):
        parameter["schema"] = _never_null(parameter["schema"])
    problems = dict(ALWAYS) | ({"404": "There is nothing here"} if with_id else {})
    if method != "get":
        problems |= WRITES
    elif call.get("parameters"):
        problems["422"] = WRITES["422"]
    content = {MIMETYPE: {"schema": {"$ref": f"{REF}Problem"}}}
    for status, description in problems.items():
        call["responses"][status] = {"description": description, "content": content}
    if method == "post":
        call.setdefault("parameters", []).append(
            {
                "name": HEADER,
                "in": "header",
                "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
            }
        )
    for body in [call["requestBody"]] if "requestBody" in call else []:
        body["required"] = True


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Give a parameter's schema without null: in an address it is left out instead."""
    kept = [part for part in schema.get("anyOf", []) if part != {"type": "null"}]
    if len(kept) == len(schema.get("anyOf", [])):
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, "anyOf": kept}


def _describe_bulk(call: dict[str, Any]) -> None:
    """Say what each line of the two streams is, as far as OpenAPI 3.1 has words for streams."""
    call["requestBody"] = {
        "required": True,
        "description": "One object a line.",
        "content": {NDJSON: {"schema": {"$ref": f"{REF}{ConsentIn.__name__}"}}},
    }
    line = {
        "type": "object",
        "required": ["line"],
        "properties": {"line": {"type": "integer"}, "problem": {"$ref": f"{REF}Problem"}},
        "anyOf": [{"required": ["problem"]}, {"$ref": f"{REF}{ConsentOut.__name__}"}],
    }
    call["responses"]["200"] = {
        "description": "One object a line, in the order of the request.",
        "content": {NDJSON: {"schema": line}},
    }


def _roles(app: APIFlask) -> dict[str, list[str]]:
    """Give the roles that may make each call, by its operationId."""
    found = {}
    for rule in app.url_map.iter_rules():
        right = getattr(app.view_functions[rule.endpoint], "heed_right", None)
        roles = [role.value for role in Role if right and may(role, right, ConsentLimits())]
        for method in rule.methods or ():
            found[f"{method.lower()}_{rule.endpoint.replace('.', '_')}"] = roles
    return found
