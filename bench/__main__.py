"""`python -m bench`: measure, say what came out, and write down a whole run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import click

from bench import machine, report
from bench.figures import as_json
from bench.places import DATABASES, Busy, places_in
from bench.scenarios import SCENARIOS, TARGETS
from webapp.core.config import ROOT

SIZES = (10_000, 100_000, 1_000_000)
RESULTS = ROOT / "bench" / "results.json"
README = ROOT / "README.md"


@click.command()
@click.option("--sizes", default=",".join(map(str, SIZES)), help="Contacts, with commas.")
@click.option("--databases", default=",".join(DATABASES), help="postgresql, sqlite or both.")
@click.option("--only", multiple=True, type=click.Choice(list(SCENARIOS)), help="May be repeated.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the databases, use them again.")
def main(sizes: str, databases: str, only: Sequence[str], keep: Path | None) -> None:
    """Measure Heed against its floors; a whole run goes into results.json and the README."""
    wanted = [int(size) for size in sizes.split(",")]
    kinds = databases.split(",")
    begun = monotonic()
    with ExitStack() as stack:
        folder = keep.absolute() if keep else stack.enter_context(_passing())
        results = machine.about() | {"settings": {}, "figures": []}
        for kind in kinds:
            _measure(folder, kind, wanted, only or list(SCENARIOS), results)
    click.echo(f"Took {(monotonic() - begun) / 60:.1f} minutes.")
    if (wanted, kinds, list(only)) == (list(SIZES), list(DATABASES), []):
        report.save(results, RESULTS, README)
        click.echo(f"Written: {RESULTS.relative_to(ROOT)}, {README.relative_to(ROOT)}.")
    missed = sum(figure["met"] is False for figure in results["figures"])
    click.echo(f"{missed} of {len(results['figures'])} figures miss their target.")


def _measure(
    folder: Path, kind: str, sizes: Sequence[int], names: Sequence[str], results: dict[str, Any]
) -> None:
    """Run scenarios on one database, with all sizes open at once; adds to `results`."""
    with places_in(folder, kind, sizes, click.echo) as places:
        results["settings"][kind] = machine.settings_of(places)
        for name in names:
            for figure in SCENARIOS[name](places):
                target = TARGETS[figure.name].among(figure.contacts, max(sizes))
                kept = {"title": target.title} | as_json(figure, target)
                results["figures"].append(kept)
                click.echo(report.line(kept))


@contextmanager
def _passing() -> Iterator[Path]:
    """Give a folder for this run, which PostgreSQL's account can reach."""
    with tempfile.TemporaryDirectory(prefix="heed-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


if __name__ == "__main__":
    try:
        main()
    except Busy as error:
        raise SystemExit(f"bench: {error}") from None
