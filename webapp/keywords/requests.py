"""Requests to be left alone that stand somewhere in a reply, and how clear they are."""

import re
from collections.abc import Iterator

from webapp.keywords.languages.pack import Pack
from webapp.keywords.reading import Finding, Reply
from webapp.keywords.sentences import said_alone

_LOOK_BACK = 80
_NUMBER = re.compile(r"\d{5}")


def requested(reply: Reply) -> Finding | None:
    """Return the request that a reply makes: a clear one if there is one."""
    doubtful = None
    for pack, found in unnegated(reply, "requests"):
        finding = Finding(_is_clear(pack, reply, found), found[0].strip(), pack.code)
        if finding.clear:
            return finding
        doubtful = doubtful or finding
    return said_alone(reply) or doubtful


def unnegated(reply: Reply, kind: str) -> Iterator[tuple[Pack, re.Match[str]]]:
    """Find the phrases of a kind in a reply that no negation turns round."""
    for line in reply.lines.get(kind, ()):
        for found in line.phrase.regex.finditer(reply.flow):
            if not line.pack.negated.search(_before(reply, found)):
                yield line.pack, found


def _before(reply: Reply, found: re.Match[str]) -> str:
    """Return what stands before a phrase in its sentence, a space before and after it."""
    before = reply.flow[max(0, found.start() - _LOOK_BACK) : found.start()]
    return before[before.rfind(" . ") + 2 :] if " . " in before else before


def _is_clear(pack: Pack, reply: Reply, found: re.Match[str]) -> bool:
    """Say whether a request is this person's, to us, without limits or a wish for something.

    A telephone number right after it, or a line on how to stop, makes it somebody's
    instructions, such as our own text sent back.
    """
    flow, end = reply.flow, found.end()
    narrowed = any(limit.regex.match(flow, end) for limit in pack.limits_after)
    wished = any(wish.regex.search(flow, end) for wish in pack.wishes_after)
    doubted = pack.doubted.search(_before(reply, found)) is not None
    return not (narrowed or wished or doubted or _NUMBER.match(flow, end) or _has_footer(reply))


def _has_footer(reply: Reply) -> bool:
    return any(line.phrase.regex.search(reply.flow) for line in reply.lines.get("footers", ()))
