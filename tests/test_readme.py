"""What README.md shows is true: its commands run, what they print is what is shown, and its dialogue is from a walk."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.pages import Shown, blocks, commands

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SHOWN = list(commands(README))

# Those that work on the checkout itself are run by tests of their own; the rest in their order, in an empty folder.
ON_THE_CHECKOUT = ("make", "python -m core.catalogue")
STAYS_OPEN = "loket serve"
TYPED = {"loket dial": "2\n1\n1985\n7391\n7391\nq\n"}
WITHIN_S = 60


def test_the_dialogue_is_told_by_a_walk():
    walks = [path.read_text("utf-8") for path in (ROOT / "tests" / "walks").glob("*.walk")]
    [dialogue] = [block for block in blocks(README, "text") if block.startswith("> ")]

    assert any(dialogue in walk for walk in walks)


def test_a_stranger_reads_it_in_one_sitting():
    assert len(README.splitlines()) <= 200


def test_the_commands_that_run_a_counter_do_what_is_shown(tmp_path: Path):
    told = [shown for shown in SHOWN if not shown.command.startswith(ON_THE_CHECKOUT)]
    opening = next(place for place, shown in enumerate(told) if shown.command == STAYS_OPEN)

    for shown in told[:opening]:
        assert_shown(shown, run(shown.command, tmp_path))
    with started(told[opening], tmp_path) as server:
        for shown in told[opening + 1 :]:
            assert_shown(shown, run(shown.command, tmp_path))
        server.send_signal(signal.SIGTERM)
        assert server.wait(WITHIN_S) == 0


def test_the_demo_opens_where_it_says(tmp_path: Path):
    [shown] = [shown for shown in SHOWN if shown.command == "make demo"]

    with started(shown, ROOT, ARGS="--port 0 --console-port 0", log=tmp_path / "said") as demo:
        [address] = re.findall(r"http://\S+/demo", (tmp_path / "said").read_text("utf-8"))
        assert status_of(address) == 200
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(WITHIN_S)


def test_the_tests_are_what_is_made():
    [shown] = [shown for shown in SHOWN if shown.command == "make test"]

    assert "-m pytest" in run(f"{shown.command} --dry-run", ROOT)


def test_a_biller_is_added_as_it_says(tmp_path: Path):
    [shown] = [shown for shown in SHOWN if shown.command == "python -m core.catalogue"]
    [table] = blocks(README, "toml")
    shutil.copytree(ROOT / "core", tmp_path / "core", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "core" / "catalogue" / "id" / "water.toml").open("a", encoding="utf-8") as water:
        water.write(f"\n{table}")

    output = run(shown.command, tmp_path)

    assert "313  pdam-padang" in output
    assert_shown(shown, output)


def assert_shown(shown: Shown, output: str) -> None:
    assert _pattern(shown).search(output), f"$ {shown.command}\n{output}"


def _pattern(shown: Shown) -> re.Pattern[str]:
    """`…` stands for anything, and a port for any port: those that are shown may be taken here."""
    words = re.escape("\n".join(shown.output)).replace("…", ".*")
    return re.compile(re.sub(r":808\d/", r":\\d+/", words), re.DOTALL)


def run(command: str, folder: Path) -> str:
    """What a command prints. Fails when it fails."""
    typed = next((keys for words, keys in TYPED.items() if command.startswith(words)), "")
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment({}),
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}"
    return done.stdout


@contextmanager
def started(shown: Shown, folder: Path, *, log: Path | None = None, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that goes on, once it has printed what is shown."""
    said = log or folder / "said"
    with said.open("wb") as out:
        going = subprocess.Popen(
            ["bash", "-c", f"exec {shown.command}"],
            cwd=folder,
            env=environment(more),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + WITHIN_S
        while not _pattern(shown).search(said.read_text("utf-8")):
            if going.poll() is not None or time.monotonic() > until:
                pytest.fail(f"$ {shown.command}\n{said.read_text('utf-8')}")
            time.sleep(0.05)
        yield going
    finally:
        if going.poll() is None:
            os.killpg(going.pid, signal.SIGKILL)
            going.wait()


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """As after `make`, on ports that are free, and with nothing of whoever runs the tests."""
    foreign = re.compile(r"LOKET_|MAKE|MFLAGS|ARGS$|PYTHON")
    kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, "LOKET_PORT": "0", "LOKET_CONSOLE_PORT": "0", **more}


def status_of(address: str) -> int:
    place = urlsplit(address)
    line = http.client.HTTPConnection(place.netloc, timeout=10)
    try:
        line.request("GET", place.path)
        return line.getresponse().status
    finally:
        line.close()
