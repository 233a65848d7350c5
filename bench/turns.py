"""How fast a menu turn is: parse, load the session, step, render, save durably, answer.

    python -m bench.turns [--seconds 10] [--rounds 3]

In process, and over HTTP with 64 connections as a ratio to a bare aiohttp handler that reads the same POST and sends
the same answer, both loaded in turns in the same run. A third run hashes PINs beside the menu turns. The load comes
from `wrk` (Debian's package of that name).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.servers import PATH, PIN, SUBSCRIBERS, enrol, settings, subscriber
from console.house import open_house
from ussd.desk import Desk
from ussd.gateways.africastalking import AfricasTalking

CONNECTIONS = 64
MENU_SUBSCRIBERS = SUBSCRIBERS - 8  # the last eight type PINs
TEXTS = ("", "1", "1*0", "1*0*9", "1*0*9*0", "1*0*9*0*2", "1*0*9*0*2*0", "1*0*9*0*2*0*3")
WANTED_RATIO, WANTED_P99_MS = 0.2, 100


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    per_s: float
    p50_ms: float
    p99_ms: float
    errors: int


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=10)
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("bench.turns needs wrk: apt-get install wrk")
    in_process = asyncio.run(turns_in_process(chosen.seconds))
    print(f"in process              {in_process:9,.0f} turns/s  {1e6 / in_process:6.0f} µs each")
    over_http(chosen.seconds, chosen.rounds)


async def turns_in_process(seconds: float) -> float:
    """Turns a second through the desk, 64 subscribers at once, without HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_house(settings(Path(folder), 0)) as house:
            await enrol(house.wired)
            gateway = AfricasTalking(b"bench" * 8)
            ends = time.perf_counter() + seconds
            done = await asyncio.gather(*(_talk(house.desk, gateway, n, ends) for n in range(CONNECTIONS)))
            return sum(done) / seconds


async def _talk(desk: Desk, gateway: AfricasTalking, number: int, ends: float) -> int:
    """One subscriber's sessions, one after another; answers the turns taken."""
    taken = 0
    bodies = [form(number, session, text) for session in range(2) for text in TEXTS]
    while time.perf_counter() < ends:
        reply = await desk.answer(gateway, bodies[taken % len(bodies)])
        assert reply.body.startswith(b"CON"), reply.body
        taken += 1
    return taken


def form(number: int, session: int, text: str) -> bytes:
    fields = {
        "sessionId": f"S{number}-{session}",
        "phoneNumber": subscriber(number),
        "serviceCode": "*384#",
        "networkCode": "99999",
        "text": text,
    }
    return urllib.parse.urlencode(fields).encode()


def over_http(seconds: int, rounds: int) -> None:
    """Each round loads the bare handler, the counter, and the counter while PINs are hashed."""
    found: list[tuple[Load, Load, Load]] = []
    typed: list[float] = []
    with tempfile.TemporaryDirectory() as folder, served("bare", folder) as bare, served("counter", folder) as counter:
        for _ in range(rounds):
            loads = load(bare, seconds), load(counter, seconds)
            with pins_typed(counter) as pins:
                found.append((*loads, load(counter, seconds)))
            typed.append(pins.count / seconds)
    for name, place in (("bare handler", 0), ("counter", 1), ("counter, PINs beside", 2)):
        _print(name, [one[place] for one in found])
    print(f"PINs compared beside    {statistics.median(typed):9,.0f} /s")
    ratio = statistics.median(one[1].per_s / one[0].per_s for one in found)
    p99 = statistics.median(one[2].p99_ms for one in found)
    print(f"counter / bare handler  {ratio:9.2f}  (wanted: {WANTED_RATIO} or more)")
    print(f"p99 with PINs beside    {p99:9.0f} ms  (wanted: below {WANTED_P99_MS})")


def _print(name: str, loads: list[Load]) -> None:
    per_s = statistics.median(one.per_s for one in loads)
    p50 = statistics.median(one.p50_ms for one in loads)
    p99 = statistics.median(one.p99_ms for one in loads)
    errors = sum(one.errors for one in loads)
    print(f"{name:<23} {per_s:9,.0f} /s  p50 {p50:5.1f} ms  p99 {p99:6.1f} ms  {errors} errors")


def load(url: str, seconds: int) -> Load:
    """Sixty-four connections for some seconds; answers what wrk measured."""
    script = Path(__file__).with_suffix(".lua")
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script), url + PATH],
        env={**os.environ, "SUBSCRIBERS": str(MENU_SUBSCRIBERS)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Load(
        per_s=float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]),
        p50_ms=_ms(re.findall(r"\n\s+50%\s+(\S+)", said)[0]),
        p99_ms=_ms(re.findall(r"\n\s+99%\s+(\S+)", said)[0]),
        errors=int(failed[1]) if failed else 0,
    )


def _ms(words: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", words).groups()  # type: ignore[union-attr]  # wrk's own format
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


@dataclass
class Typed:
    count: int = 0


@contextmanager
def pins_typed(url: str) -> Iterator[Typed]:
    """Eight people who type their PIN again and again while the context is open."""
    typed, stop = Typed(), threading.Event()

    def type_pins(number: int) -> None:
        for session in range(1_000_000):
            for text in ("", "5", f"5*{PIN}"):
                if stop.is_set():
                    return
                body = form(number, session + int(time.time() * 1000), text)
                with urllib.request.urlopen(url + PATH, data=body, timeout=30) as reply:
                    reply.read()
            typed.count += 1

    people = [threading.Thread(target=type_pins, args=(n,)) for n in range(MENU_SUBSCRIBERS, SUBSCRIBERS)]
    for one in people:
        one.start()
    try:
        yield typed
    finally:
        stop.set()
        for one in people:
            one.join()


@contextmanager
def served(kind: str, folder: str) -> Iterator[str]:
    """A server in a process of its own; answers its URL."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.servers", kind, str(port), folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        server.communicate()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


if __name__ == "__main__":
    main()
