"""`python -m tests.fault`: the scenes, the long runs, and the latency of acknowledgements."""

from __future__ import annotations

import sys
from dataclasses import replace
from secrets import randbelow

import click

from tests.fault.latency import measure
from tests.fault.run import run
from tests.fault.scenes import play
from tests.fault.sizes import LONG, LONG_SQLITE, SHORT

SIZES = {"postgresql": LONG, "sqlite": LONG_SQLITE}


@click.command()
@click.option("--databases", default="postgresql,sqlite", help="One, or both with a comma.")
@click.option("--seed", type=int, help="That of an earlier run; else a new one.")
@click.option("--short", is_flag=True, help="The short form, as in the test suite.")
@click.option("--messages", type=int)
@click.option("--contacts", type=int)
@click.option("--opt-outs", type=int)
@click.option("--again", type=int, help="How many of them are opted in again.")
@click.option("--seconds", type=float, help="How long opt-outs come.")
@click.option("--workers", type=int)
@click.option("--only", type=click.Choice(["scenes", "runs", "latency"]), help="A part alone.")
@click.option("--mutation", default="", help="no-lock, no-epoch, no-wait, with commas.")
def main(
    databases: str,
    seed: int | None,
    short: bool,
    only: str | None,
    mutation: str,
    **sizes: int | None,
) -> None:
    """Harm a running Heed, and check that nothing leaves after no; ends with 1 if something did."""
    chosen = randbelow(1_000_000) if seed is None else seed
    kept = True
    given = {name: value for name, value in sizes.items() if value is not None}
    for database in databases.split(","):
        if only in (None, "scenes"):
            _say(f"{database}: scenes")
            found = [line for one in play(database, mutation=mutation) for line in one.violations]
            _say("\n".join(f"  ! {line}" for line in found) or "  all kept")
            kept = kept and not found
        if only in (None, "runs"):
            size = replace(SHORT if short else SIZES[database], **given)  # type: ignore[arg-type]
            report = run(database, size, chosen, mutation=mutation, say=_say)
            _say("\n".join(report.lines))
            kept = kept and not report.violations
        if only in (None, "latency") and not short:
            latency = measure(database, chosen, say=_say)
            _say("\n".join(latency.lines))
            kept = kept and latency.met
    sys.exit(0 if kept else 1)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
