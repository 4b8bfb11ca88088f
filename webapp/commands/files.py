"""`heed export` and `heed import`: what leaves as a file, and what comes back from one."""

from __future__ import annotations

from typing import IO

import click

from webapp.commands.running import check_database, config_now, in_app


@click.group("export")
def export_() -> None:
    """Write files."""


@click.group("import")
def import_() -> None:
    """Take in files."""


@export_.command("journal")
@click.argument("file", type=click.File("w", encoding="utf-8"))
@click.option(
    "--since", metavar="WHEN", help="Leave out what was recorded before, like 2026-05-31."
)
def export_journal(file: IO[str], since: str | None) -> None:
    """Write every consent event and erasure to FILE, a line of JSON each.

    Keep it away from this machine: with it, `heed import journal` brings a restored database up
    to date. FILE may be - for standard output.
    """
    from webapp.ledger.journal import parse_since, write_journal

    check_database(hold=False)
    moment = parse_since(since) if since else None
    lines = 0
    for line in write_journal(config_now().database_url, moment):
        file.write(f"{line}\n")
        lines += 1
    click.echo(f"Written: {lines - 1:,} events and erasures.", err=True)


@import_.command("journal")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
def import_journal(path: str) -> None:
    """Take in what the journal in FILE knows and this database lacks.

    Opt-outs always, opt-ins only with their evidence, erasures again. Twice is the same as once.
    """
    from webapp.accounts.rules import SYSTEM
    from webapp.ledger.taking_in import take_in

    check_database()
    with open(path, encoding="utf-8") as first, open(path, encoding="utf-8") as second:
        result = in_app(lambda: take_in((first, second), SYSTEM))
    for sentence in result.left_out.told:
        click.echo(f"Left out: {sentence}")
    click.echo(
        f"Taken in: {result.opt_outs:,} opt-outs, {result.opt_ins:,} opt-ins, {result.erasures:,}"
        f" erasures. Known already: {result.known:,}. Undone in time: {result.undone:,}."
        f" Left out: {result.left_out.count:,}."
    )
