"""The `heed` commands. What they need is imported when they run: `heed --help` is quick."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from webapp.commands.drill import drill
from webapp.commands.files import export_, import_
from webapp.commands.ledger import ledger
from webapp.commands.running import check_database, commit, config_now, in_app

if TYPE_CHECKING:
    from webapp.core.config import Config

ROLES = click.Choice(["viewer", "marketer", "admin"])
WRONG_SETTING = 2


def main() -> None:
    """Run a command; what the operator can mend is one line on stderr, and an exit code.

    2 is a wrong setting, which trying again does not mend.
    """
    os.umask(0o077)  # databases, exports and secrets are for this account's eyes
    try:
        heed(prog_name="heed")
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        print(f"heed: {_line(error)}", file=sys.stderr)
        sys.exit(code)


def _exit_code(error: Exception) -> int | None:
    """Give the exit code for an error whose text explains it, or none."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from webapp.core.config import ConfigError
    from webapp.core.errors import HeedError
    from webapp.core.processes import StartFailed

    if isinstance(error, StartFailed):
        return error.code
    if isinstance(error, ConfigError):
        return WRONG_SETTING
    return 1 if isinstance(error, HeedError | OperationalError | ProgrammingError) else None


def _line(error: Exception) -> str:
    """Say in one line what is wrong, also where a database says it in many."""
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    if "no such table" in said or "does not exist" in said:
        return f"the database is not ready ({said}); run `heed db upgrade` first"
    return said


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="heed")
def heed() -> None:
    """Opt-ins and opt-outs of your customers, kept exactly, and the messages they allow.

    Settings come from the environment (HEED_DATA, HEED_BIND, HEED_DATABASE_URL and others, see
    the README).
    """


@heed.command()
@click.option("--demo", is_flag=True, help="Add the demo data and the provider sandbox.")
def up(demo: bool) -> None:
    """Run everything: web, workers, scheduler, embedded Valkey.

    Ctrl-C stops it all in order; a second one hurries.
    """
    from webapp.core.config import load_config
    from webapp.up import up as run_all

    config = load_config(demo=True) if demo else load_config()
    run_all(config, greeting=_greeting(config) if config.demo else ())


@heed.command()
def web() -> None:
    """Run the web server alone."""
    from webapp.server import serve

    check_database()
    serve(config_now())


@heed.command()
@click.option(
    "--only",
    type=click.Choice(["short", "long"]),
    help="Look at short work (sending and what follows a change) or at long tasks alone.",
)
def worker(only: str | None) -> None:
    """Run one job worker: for everything, with short work first."""
    from webapp.core.queue import LONG_QUEUES, QUEUES, SHORT_QUEUES

    _become("jobs.worker", *{"short": SHORT_QUEUES, "long": LONG_QUEUES}.get(only or "", QUEUES))


@heed.command()
def scheduler() -> None:
    """Run the scheduler: due jobs, periodic jobs."""
    _become("jobs.scheduler")


@heed.command()
def sandbox() -> None:
    """Run the provider sandbox: a pretended WhatsApp and mail server, with phones and a mailbox."""
    from webapp.sandbox import serve

    serve(config_now())


@heed.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the database to this version's schema; harmless when it has it already."""
    from webapp.migrate import upgrade as migrate

    migrate(config_now().database_url)
    check_database()


@heed.command()
@click.option(
    "--contacts",
    type=click.IntRange(1, 1_500_000),
    default=2000,
    show_default=True,
    help="How many contacts to make.",
)
def demo(contacts: int) -> None:
    """Load the demo data, unless there are contacts already.

    It is all or nothing: a load that was stopped left nothing behind.
    """
    from webapp.demo import load
    from webapp.demo.progress import Progress

    progress = Progress(contacts, sys.stderr)
    if in_app(lambda: load(contacts, progress.told)):
        progress.done()
    else:
        click.echo("There are contacts already; nothing was loaded.")


@heed.group()
def user() -> None:
    """Look after the people who sign in."""


@user.command("add")
@click.argument("email")
@click.option("--name", prompt=True, help="The name that others see.")
@click.option("--role", type=ROLES, default="marketer", show_default=True)
@click.password_option(help="Asked for when it is not given.")
def user_add(email: str, name: str, role: str, password: str) -> None:
    """Add a person who may sign in with EMAIL."""
    from webapp.accounts.rules import SYSTEM, Role
    from webapp.accounts.service import add_user
    from webapp.audit.service import record

    def work() -> None:
        added = add_user(email, name, Role(role), password)
        record(SYSTEM, "user.added", user_id=added.id, name=added.name, role=added.role)

    commit(work)
    click.echo(f"{email} may sign in as {role}.")


@heed.group()
def token() -> None:
    """Look after the tokens of the HTTP API."""


@token.command("create")
@click.option("--role", type=ROLES, required=True, help="What the token may do.")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
def token_create(role: str, name: str) -> None:
    """Make an API token and print it, once, as the last word."""
    from webapp.accounts.rules import SYSTEM, Role
    from webapp.accounts.service import create_token
    from webapp.audit.service import record

    def work() -> str:
        made, secret = create_token(name, Role(role))
        record(SYSTEM, "token.created", token_id=made.id, name=name, role=made.role)
        return secret

    secret = commit(work)
    click.echo(f"The token, shown this once: {secret}")


heed.add_command(drill)
heed.add_command(export_)
heed.add_command(import_)
heed.add_command(ledger)


def _become(module: str, *words: str) -> None:
    """Go on as that module's program, in this process."""
    check_database()  # complain before, in one line
    os.execv(sys.executable, [sys.executable, "-m", module, *words])


def _greeting(config: Config) -> list[str]:
    """Say what a newcomer to the demo wants to know."""
    from webapp.demo import SIGN_INS

    return [
        f"The phones of the demo's customers: {config.sandbox_url}",
        "Sign in as:",
        *(f"  {role:<9} {email:<32} {password}" for role, email, password in SIGN_INS),
        "Ctrl-C stops everything.",
    ]


if __name__ == "__main__":
    main()
