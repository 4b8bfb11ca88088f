"""What a run found: into results.json, into the README's table, onto the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
Found = Mapping[str, Any]


def save(results: Mapping[str, Any], json_file: Path, readme: Path) -> None:
    """Write results.json and the README's table.

    Raises ValueError where the README lacks the marks between which the table stands.
    """
    json_file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    readme.write_text(with_table(readme.read_text(), results))


def with_table(readme: str, results: Mapping[str, Any]) -> str:
    """Give the README's text with the table of these results between its marks."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the README has no {BEGIN} and {END}")
    return f"{before}{begin}\n{table(results)}\n\n{made(results)}\n{end}{after}"


def table(results: Mapping[str, Any]) -> str:
    """Give the table in Markdown: a line a measure, a column a database and size.

    A cell is the ratio, with what Heed took; one that misses its target says so.
    """
    figures: Sequence[Found] = results["figures"]
    places = sorted({(f["database"], f["contacts"]) for f in figures})
    heads = [f"{NAMES[database]} {_short(size)}" for database, size in places]
    lines = [["", "target", *heads], ["---"] * (len(places) + 2)]
    for name in dict.fromkeys(f["name"] for f in figures):
        same = [f for f in figures if f["name"] == name]
        cells = {(f["database"], f["contacts"]): cell(f) for f in same}
        head = [same[0]["title"], _target_of(same)]
        lines.append([*head, *(cells.get(place, "") for place in places)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def made(results: Mapping[str, Any]) -> str:
    """Say when, where and on what the figures were measured."""
    machine, versions = results["machine"], results["versions"]
    postgres = results["settings"]["postgresql"]["server_version"].split()[0]
    return (
        f"Measured {results['date'][:10]} at commit `{results['commit'][:10]}` on "
        f"{machine['cores']} cores ({machine['processor']}), PostgreSQL {postgres}, "
        f"SQLite {versions['sqlite']}, Python {versions['python']}."
    )


def cell(figure: Found) -> str:
    """Give a figure as its ratio and what Heed took, and the word where the target is missed."""
    said = f"{_rounded(figure['ratio'])} ({_rounded(figure['heed'])} {figure['unit']})"
    return f"**{said} missed**" if figure["met"] is False else said


def line(figure: Found) -> str:
    """Give a figure as a line for the terminal: Heed, its floor, the ratio, the target."""
    mark = {True: "ok", False: "MISSED", None: ""}[figure["met"]]
    unit = figure["unit"]
    both = f"{_rounded(figure['heed']):>8} : {_rounded(figure['floor']):<8} {unit:<7}"
    place = f"{NAMES[figure['database']]:<10} {_short(figure['contacts']):>4}"
    ratio = f"{_rounded(figure['ratio']):>6}  {_target(figure):<7} {mark}"
    return f"{figure['name']:<16} {place}  {both} {ratio}"


def _target_of(figures: Sequence[Found]) -> str:
    """Give the target of a measure's figures, and for which size where it holds for one alone."""
    target, sizes = _target(figures[-1]), {f["contacts"] for f in figures if f["limit"]}
    alone = len(sizes) == 1 and len({f["contacts"] for f in figures}) > 1
    return f"{target} at {_short(max(sizes))}" if alone else target


def _target(figure: Found) -> str:
    if figure["limit"] is None:
        return "–"
    return f"{'≥' if figure['at_least'] else '≤'} {figure['limit']:g}"


def _short(size: int) -> str:
    for unit, word in ((1_000_000, "M"), (1000, "k")):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{word}"
    return str(size)


def _rounded(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:,.0f}k"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
