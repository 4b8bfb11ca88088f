"""`heed export` and `heed import`: what leaves as a file, and what comes back from one."""

from __future__ import annotations

import sys
from functools import partial

import click

from webapp.commands.running import check_database, config_now, in_app
from webapp.commands.writing import whole_file


@click.group("export")
def export_() -> None:
    """Write files."""


@click.group("import")
def import_() -> None:
    """Take in files."""


@export_.command("journal")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False))
@click.option(
    "--since", metavar="WHEN", help="Leave out what was recorded before, like 2026-05-31."
)
@click.option("--force", is_flag=True, help="Write it in place of a FILE that is there already.")
def export_journal(path: str, since: str | None, force: bool) -> None:
    """Write every consent event and erasure to FILE, a line of JSON each.

    Keep it away from this machine: with it, `heed import journal` brings a restored database up
    to date. FILE may be - for standard output, or a pipe; else it is there whole or not at all.
    """
    from webapp.ledger.journal import parse_since, write_journal

    check_database(hold=False)
    moment = parse_since(since) if since else None
    lines = 0
    with whole_file(path, force=force) as file:
        for line in write_journal(config_now().database_url, moment):
            file.write(f"{line}\n")
            lines += 1
    # All but the first line and the last.
    click.echo(f"Written: {lines - 2:,} events and erasures.", err=file is sys.stdout)


@import_.command("journal")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
def import_journal(path: str) -> None:
    """Take in what the journal in FILE knows and this database lacks.

    Opt-outs always, opt-ins only with their evidence, erasures again. Twice is the same as once.
    Ends with 1 where the journal was cut off: then no opt-ins are taken in.
    """
    from webapp.accounts.rules import SYSTEM
    from webapp.ledger.taking_in import take_in

    check_database()
    # It may have been cut off within a letter, too.
    opened = partial(open, path, encoding="utf-8", errors="surrogateescape")
    with opened() as first, opened() as second:
        result = in_app(lambda: take_in((first, second), SYSTEM))
    for sentence in result.left_out.told:
        click.echo(f"Left out: {sentence}")
    click.echo(
        f"Taken in: {result.opt_outs:,} opt-outs, {result.opt_ins:,} opt-ins, {result.erasures:,}"
        f" erasures. Known already: {result.known:,}. Undone in time: {result.undone:,}."
        f" Left out: {result.left_out.count:,}."
    )
    if not result.whole:
        click.echo(
            "The journal was cut off: what came after its last line is not in it, and opt-ins were"
            " left out. Marketing should wait until a whole one was taken in.",
            err=True,
        )
        sys.exit(1)
