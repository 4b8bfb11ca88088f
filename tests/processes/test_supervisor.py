"""The supervisor of `heed up`, with small programs in place of Heed's own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import end, launch, wait_until

RUN = """
import os, sys
from webapp.core.child import Program
from webapp.core.processes import StartFailed, Stopped, Supervisor

def python(name, code, grace=10.0):
    return Program(name, [sys.executable, "-u", "-c", code], grace=grace)

PLAIN = '''
import os, signal, sys
def stop(*_):
    print("asked to stop", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, lambda *_: print("saw the terminal's Ctrl-C", flush=True))
print("runs as", os.getpid(), flush=True)
while True:
    signal.pause()
'''
STUBBORN = '''
import os, signal
signal.signal(signal.SIGTERM, lambda *_: print("will not stop", flush=True))
print("runs as", os.getpid(), flush=True)
while True:
    signal.pause()
'''
FAMILY = '''
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print("runs as", os.getpid(), flush=True)
print("has a child", child.pid, flush=True)
child.wait()
'''

try:
    with Supervisor(os.environ) as supervisor:
        {steps}
except Stopped:
    print("stopped", flush=True)
except StartFailed as failure:
    print("failed:", failure, failure.code, flush=True)
"""


class Supervised:
    """A supervisor in a process of its own, and what it has printed."""

    def __init__(self, folder: Path, *steps: str) -> None:
        self._log = folder / "log"
        script = RUN.replace("{steps}", "\n        ".join(steps))
        with self._log.open("wb") as output:
            self.process = launch([sys.executable, "-c", script], output=output)

    @property
    def text(self) -> str:
        return self._log.read_text()

    def wait_for(self, pattern: str, times: int = 1) -> list[str]:
        wait_until(lambda: len(re.findall(pattern, self.text)) >= times, pattern)
        return re.findall(pattern, self.text)

    def pid_of(self, name: str) -> int:
        return int(self.wait_for(rf"{name} *\| runs as (\d+)")[-1])

    def stop(self) -> str:
        end(self.process, signal.SIGINT)
        return self.text


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    started: list[Supervised] = []

    def start(*steps: str) -> Supervised:
        started.append(Supervised(tmp_path, *steps))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            end(one.process)


def is_alive(pid: int) -> bool:
    """Tell whether the process runs; one that only waits to be noted as dead does not."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return found.returncode == 0 and not found.stdout.startswith("Z")


FOREVER = ["supervisor.settle()", "supervisor.wait_for(lambda: False)"]


def test_programs_stop_in_reverse_order(supervise):
    run = supervise(
        "supervisor.start(python('first', PLAIN))",
        "supervisor.start(python('second', PLAIN), python('twin', PLAIN))",
        *FOREVER,
    )
    for name in ("first", "second", "twin"):
        run.pid_of(name)
    stopped = re.findall(r"(\w+) *\| asked to stop", run.stop())
    assert sorted(stopped[:2]) == ["second", "twin"]
    assert stopped[2:] == ["first"]
    assert run.process.returncode == 0


def test_a_program_run_to_its_end_comes_before_the_next(supervise):
    run = supervise(
        "supervisor.run(python('once', 'print(1)'))",
        "supervisor.start(python('then', PLAIN))",
        *FOREVER,
    )
    run.pid_of("then")
    assert re.search(r"once *\| 1\n(.*\n)*then", run.stop())


def test_a_crashed_program_is_started_again_later_each_time(supervise):
    run = supervise("supervisor.start(python('fragile', PLAIN))", *FOREVER)
    os.kill(run.pid_of("fragile"), signal.SIGKILL)
    run.wait_for(r"was killed by signal 9; starts again in 1 s")
    run.wait_for(r"fragile *\| runs as", times=2)
    os.kill(run.pid_of("fragile"), signal.SIGKILL)
    run.wait_for(r"starts again in 2 s")
    run.wait_for(r"fragile *\| runs as", times=3)


def test_a_program_that_never_starts_ends_it_all(supervise):
    run = supervise(
        "supervisor.start(python('good', PLAIN))",
        "supervisor.start(python('bad', 'raise SystemExit(7)'))",
        "supervisor.wait_for(lambda: False)",
    )
    run.wait_for("failed: bad does not start; its lines above say why 7")
    assert re.search(r"good *\| asked to stop", run.text)


def test_a_wrong_setting_ends_it_all_at_once(supervise):
    run = supervise(
        "supervisor.start(python('bad', 'raise SystemExit(2)'))",
        "supervisor.wait_for(lambda: False)",
    )
    run.wait_for("failed: bad does not start; its lines above say why 2")
    assert "starts again" not in run.text


def test_what_does_not_stop_is_killed_after_its_grace(supervise):
    run = supervise("supervisor.start(python('stubborn', STUBBORN, grace=0.5))", *FOREVER)
    pid = run.pid_of("stubborn")
    assert "will not stop" in run.stop()
    assert not is_alive(pid)


def test_a_second_signal_hurries(supervise):
    run = supervise("supervisor.start(python('stubborn', STUBBORN, grace=600))", *FOREVER)
    pid = run.pid_of("stubborn")
    run.process.send_signal(signal.SIGINT)
    run.wait_for("will not stop")
    run.process.send_signal(signal.SIGINT)
    run.process.wait(30)
    assert not is_alive(pid)


def test_the_terminals_interrupt_reaches_the_supervisor_alone(supervise):
    run = supervise("supervisor.start(python('plain', PLAIN))", *FOREVER)
    run.pid_of("plain")
    os.killpg(run.process.pid, signal.SIGINT)
    run.process.wait(30)
    assert "saw the terminal's Ctrl-C" not in run.text
    assert re.search(r"plain *\| asked to stop", run.text)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_nothing_outlives_a_killed_supervisor(supervise):
    run = supervise(
        "supervisor.start(python('plain', PLAIN), python('stubborn', STUBBORN))", *FOREVER
    )
    pids = [run.pid_of("plain"), run.pid_of("stubborn")]
    run.process.kill()
    run.process.wait()
    wait_until(lambda: not any(map(is_alive, pids)), "the children's end")


def test_what_a_killed_program_had_started_goes_with_it(supervise):
    run = supervise("supervisor.start(python('family', FAMILY))", *FOREVER)
    child = int(run.wait_for(r"has a child (\d+)")[0])
    os.kill(run.pid_of("family"), signal.SIGKILL)
    wait_until(lambda: not is_alive(child), "the grandchild's end")
    run.wait_for(r"family *\| runs as", times=2)
