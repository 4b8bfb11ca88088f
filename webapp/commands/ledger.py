"""`heed ledger`: seal, verify, rebuild, and what follows a restored backup."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

import click

from webapp.commands.running import check_database, commit, config_now, in_app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from webapp.ledger.exported import Exported
    from webapp.ledger.models import LedgerSeal
    from webapp.ledger.verifying import Verified


@click.group()
def ledger() -> None:
    """Prove the ledger of consent: seal it, verify it, restore it."""


@ledger.command()
@click.option(
    "--to",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Add the seal to this file, best on another machine; - prints it alone, for a pipe.",
)
def seal(to: str | None) -> None:
    """Seal what no seal covers yet.

    Keep the seal away from this machine: against it any later edit, removal or insertion shows.
    Where nothing is new, it is about the last seal.
    """
    from webapp.ledger.exported import as_line

    check_database()
    row, fresh = in_app(lambda: _seal(None if to == "-" else to))
    if row is None:
        click.echo("There is nothing to seal yet.", err=True)
    elif to == "-":
        click.echo(as_line(row))
    else:
        click.echo(_said(row, fresh=fresh))


def _said(row: LedgerSeal, *, fresh: bool) -> str:
    begun = "Sealed" if fresh else "Nothing is new. The last was"
    said = f"seal {row.id} of {row.at:%Y-%m-%d %H:%M} UTC, over {row.events:,} events up to event"
    return f"{begun}: {said} {row.last_event_id:,}. Its hash is {row.hash.hex()}."


def _seal(to: str | None) -> tuple[LedgerSeal | None, bool]:
    """Give the last seal, and whether it is new; with `to` it is added to that file too."""
    from pathlib import Path

    from webapp.core.errors import Invalid
    from webapp.ledger.exported import append
    from webapp.ledger.restoring import seal_and_keep
    from webapp.ledger.sealing import newest

    made = seal_and_keep(config_now())
    row = made or newest()
    if row is not None and to is not None:
        try:
            append(Path(to), [row])
        except OSError as error:
            raise Invalid(f"{to} cannot be written: {error.strerror or error}.") from None
    return row, made is not None


@ledger.command()
@click.option(
    "--seal",
    "seals",
    type=click.File("r"),
    multiple=True,
    help="A file of exported seals that the ledger must have; - reads them from standard input.",
)
def verify(seals: Sequence[IO[str]]) -> None:
    """Check the whole ledger, and name what is wrong.

    Seals that this machine has seen (seals.ndjson in HEED_DATA) are checked as well. Others may
    write meanwhile. Ends with 1 where anything is wrong.
    """
    from webapp.ledger.exported import kept, read_lines
    from webapp.ledger.verifying import verify as check

    check_database(hold=False)
    config = config_now()
    exported: list[Exported] = kept(config)
    for file in seals:
        exported += read_lines(file)
    verified = check(config.database_url, exported, told=_progress())
    _report(verified, len({seal.hash for seal in exported}))
    if not verified.whole:
        sys.exit(1)


def _progress() -> Callable[[int, int], None]:
    def told(done: int, of: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == of else ""
            click.echo(f"\rVerifying: {done * 100 // of} %{end}", nl=False, err=True)

    return told


def _report(verified: Verified, exported: int) -> None:
    findings = verified.findings
    for sentence in findings.told:
        click.echo(sentence)
    more = findings.count - len(findings.told)
    if more:
        click.echo(f"And {more:,} more.")
    sealed = f"sealed up to {verified.sealed_to}" if verified.seals else "not sealed yet"
    against = f", held against {exported:,} exported" if exported else ""
    looked = f"{verified.events:,} events up to {verified.last_event_id}, {sealed}{against}"
    if verified.whole:
        click.echo(f"The ledger is whole: {looked}.")
    else:
        click.echo(f"The ledger is NOT whole: {findings.count:,} findings in {looked}.")


@ledger.command()
@click.option("--dry-run", is_flag=True, help="Only count what is different.")
def rebuild(dry_run: bool) -> None:
    """Write all states and lists anew from the events.

    Others may write meanwhile. Where a chain is broken, or events are missing behind an opt-out,
    it is left alone and named. A hold that stands is kept.
    """
    from webapp.accounts.rules import SYSTEM
    from webapp.ledger.rebuilding import rebuild as write_anew

    check_database()
    result = in_app(lambda: write_anew(SYSTEM, dry_run=dry_run))
    for sentence in result.left_alone.told:
        click.echo(f"Left alone: {sentence}")
    verb = "differ" if dry_run else "written anew"
    click.echo(
        f"States {verb}: {result.states:,}. Copies {verb}: {result.copies:,}."
        f" Left alone: {result.left_alone.count:,}."
    )


@ledger.command()
def restored() -> None:
    """Hold all marketing, as a backup was restored.

    People may have opted out since the backup was made. Service messages go on. When their
    opt-outs are taken in, `heed ledger released` lets marketing go on.
    """
    from webapp.accounts.rules import SYSTEM
    from webapp.ledger.restoring import hold

    check_database()
    held = commit(lambda: hold(SYSTEM, "By heed ledger restored."))
    click.echo(
        f"All marketing {'is on hold now' if held else 'was on hold already'}."
        " Next: heed import journal, then heed ledger released."
    )


@ledger.command()
@click.option("--because", required=True, help="What was taken in; it stands in the audit log.")
def released(because: str) -> None:
    """Let marketing go on after a restore.

    What waited for it leaves, as far as each person's consent lets it.
    """
    from webapp.accounts.rules import SYSTEM
    from webapp.ledger.restoring import begin_anew, release

    check_database(hold=False)
    in_app(lambda: begin_anew(config_now()))  # first, or the next start would hold it again
    held = commit(lambda: release(SYSTEM, because))
    click.echo("Marketing goes on." if held else "Marketing was not on hold.")
