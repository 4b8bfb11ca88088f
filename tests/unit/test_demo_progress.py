"""What a terminal, and what a log, reads of a load."""

from __future__ import annotations

from io import StringIO

from webapp.demo.progress import Progress, spell


class Terminal(StringIO):
    """A text that says it is a terminal."""

    """An output that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_line_with_people_speed_and_time_left() -> None:
    out = Terminal()
    progress = Progress(2000, out)
    progress.told(500, 5000)
    progress.told(2000, 20_000)
    progress.done()
    first, second, last = out.getvalue().split("\r")[1:]
    assert first.startswith("500 of 2,000 people, ")
    assert "rows a second" in first
    assert " left" in first
    assert "finishing" in second
    assert last.startswith("2,000 contacts with 20,000 rows in ")
    assert out.getvalue().count("\n") == 1


def test_a_log_has_one_line_for_a_short_load() -> None:
    out = StringIO()
    progress = Progress(2000, out)
    progress.told(2000, 20_000)
    progress.done()
    assert out.getvalue() == f"2,000 contacts with 20,000 rows in {spell(0)}\n"


def test_times_are_said_as_people_do() -> None:
    assert [spell(s) for s in (0.4, 59.6, 200)] == ["0 s", "1 min 0 s", "3 min 20 s"]
