"""The `heed` commands, without the servers."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from webapp.cli import heed


def every_command(group: click.Group, *path: str) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += every_command(command, *path, name)
    return found


@pytest.mark.parametrize("path", every_command(heed), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]):
    result = CliRunner().invoke(heed, [*path, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()[2].strip()) > 10


def test_a_wrong_setting_is_one_line_that_names_it(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "up"],
        env={"HEED_DATA": str(tmp_path), "HEED_WORKERS": "many"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("heed: HEED_WORKERS: ")
    assert result.stderr.count("\n") == 1


def test_a_drill_without_the_channel_s_settings_is_a_wrong_setting(tmp_path):
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "webapp.cli", *words],
            env={"HEED_DATA": str(tmp_path), "HEED_SECRET_KEY": "s" * 40},
            capture_output=True,
            text=True,
        )

    assert run("db", "upgrade").returncode == 0
    done = run("drill")
    assert (done.returncode, done.stdout) == (2, "")
    assert "HEED_WHATSAPP_TOKEN" in done.stderr.splitlines()[-1]


def test_help_loads_neither_the_web_nor_the_database():
    code = (
        "import sys, webapp.cli\n"
        "print([name for name in ('flask', 'sqlalchemy', 'pydantic') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
