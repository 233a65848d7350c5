"""Threats 9, 15 and 22: of PINs and secrets nothing is left on a disk, in a log, on a command line or in an answer."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import resource
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.dialects import BehindHubtel
from tests.support.houses import (
    ENOUGH,
    FORM,
    HUBTELS,
    KEY,
    OURS,
    WEBHOOK_SECRET,
    Server,
    a_sandbox,
    provider_at,
    served,
)

RIGHT, WRONG = "739182", "928173"
HERS = "+6281234500001"
SECRETS = [*(ENOUGH[name] for name in ("SECRET_KEY", "PIN_PEPPER")), OURS, HUBTELS, KEY, WEBHOOK_SECRET]
HOSTILE = [
    *('\r\n{"event": "open"}', "\n\n", "\r", "\x00", "\x1b[2J", "\x1b]0;x\x07", "\x7f", "\x08\x08", "\x9b31m", "\x85"),
    *("\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud7ff", "\U000e0041", "a" * 5000, "%0d%0a", "%s%n"),
    *('"}{"', "\\", "{{7*7}}", "${jndi:ldap://x}", "<script>"),
]


def traces_of(pin: str) -> list[bytes]:
    """As it is, as others would write it, and what could be looked up in a table of a million."""
    plain = pin.encode()
    digests = [hashlib.new(name, plain, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
    return [
        plain,
        pin.encode("utf-16-le"),
        base64.b64encode(plain),
        *(digest.digest() for digest in digests),
        *(digest.hexdigest().encode() for digest in digests),
    ]


@dataclass
class Counter:
    """A process that served somebody with a canary for a PIN; `said` is each answer it gave."""

    server: Server
    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def files(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())

    async def enrols(self) -> None:
        phone = self.server.phone(HERS)
        self.said.append(await phone.dials("2", "1", "1985", RIGHT, RIGHT))
        assert "Welcome. Your wallet is open." in self.said[-1]

    async def sees_her_money(self) -> None:
        phone = self.server.phone(HERS)
        self.said += [await phone.dials("5"), await phone.types(WRONG), await phone.types(RIGHT)]
        assert "You have" in self.said[-1]
        hubtel = BehindHubtel(number=HERS)
        for body in (hubtel.dials(), hubtel.types("5"), hubtel.types(WRONG), hubtel.types(RIGHT), hubtel.hangs_up()):
            self.said.append(await self.posts(f"/ussd/hubtel/{HUBTELS}", body))

    async def posts(self, path: str, body: bytes, **headers: str) -> str:
        async with self.server.http.post(f"{self.server.url}{path}", data=body, headers=headers) as reply:
            return await reply.text()

    async def writes(self, raw: bytes) -> None:
        """Bytes of any kind on a line of their own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write(raw)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                self.said.append((await reader.read(65_536)).decode("latin-1"))
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with a_sandbox() as url, served(tmp_path, **provider_at(url), TURNS_BURST="1000") as server:
        yield Counter(server, tmp_path)


MALFORMED = [
    (f"/ussd/africastalking/{OURS}", f"sessionId=a&sessionId=b&phoneNumber=%2B628123&text=5*{RIGHT}"),
    (f"/ussd/africastalking/{OURS}", f"sessionId=a&phoneNumber={RIGHT}&text=5*{RIGHT}"),
    (f"/ussd/africastalking/{OURS}", f"sessionId=%00{RIGHT}&phoneNumber={quote(HERS)}&text=5*{RIGHT}"),
    (f"/ussd/africastalking/{OURS}", f"phoneNumber={quote(HERS)}&text=5*{RIGHT}&text{'&x' * 99}"),
    (f"/ussd/africastalking/{OURS}/events", f"sessionId=&phoneNumber={quote(HERS)}&input=5*{RIGHT}"),
    (f"/ussd/africastalking/{OURS}", f"text=5*{RIGHT}{'9' * 20_000}"),
    (f"/ussd/hubtel/{HUBTELS}", f'{{"Message": "{RIGHT}", "Type": "Response"'),
    (f"/ussd/hubtel/{HUBTELS}", f'{{"Message": "{RIGHT}", "Type": "{RIGHT}", "SessionId": "a", "Mobile": "{HERS}"}}'),
    (
        f"/ussd/hubtel/{HUBTELS}",
        f'{{"Message": "{RIGHT}", "SessionId": "a", "Mobile": "{HERS}", "Sequence": "{RIGHT}x"}}',
    ),
    (f"/ussd/hubtel/{HUBTELS}", f'["{RIGHT}"]'),
    ("/providers/digiflazz", f'{{"data": "{RIGHT}"}}'),
    (f"/ussd/nobody/{RIGHT}", f"text={RIGHT}"),
]
NO_HTTP = [
    f"POST /ussd/africastalking/{OURS}?text={RIGHT} HTTP/9.9\r\n\r\n",
    f"{RIGHT} {RIGHT} {RIGHT}\r\n\r\n",
    f"POST /ussd/hubtel/{HUBTELS} HTTP/1.1\r\nHost: x\r\nX: {RIGHT}\r\n bad{RIGHT}\r\nContent-Length: -{RIGHT}\r\n\r\n",
    f"POST /ussd/africastalking/{OURS} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz{RIGHT}\r\n",
    f"POST /ussd/africastalking/{OURS} HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\ntext=5*{RIGHT}",
    f"GET / HTTP/1.1\r\nHost: x\r\n{'X: ' + RIGHT + 'a' * 9000}\r\n\r\n",
]


async def test_no_pin_is_left_in_a_file_a_log_or_an_answer(counter: Counter):
    await counter.enrols()
    await counter.sees_her_money()
    for path, body in MALFORMED:
        counter.said.append(await counter.posts(path, body.encode(), **FORM))
    for raw in NO_HTTP:
        await counter.writes(raw.encode())
    while_open = counter.files
    counter.server.told_to_end()
    assert await counter.server.ended() == 0

    left = while_open + counter.files + "".join([*counter.server.log, *counter.said]).encode()
    assert len(left) > 100_000
    assert [(pin, trace) for pin in (RIGHT, WRONG) for trace in traces_of(pin) if trace in left] == []


async def test_whatever_is_typed_each_line_of_the_log_is_one_whole_object(counter: Counter):
    await counter.enrols()
    phone = counter.server.phone(HERS)
    await phone.dials()
    for words in HOSTILE:
        await phone.types(words)
        body = json.dumps({"SessionId": words[:50], "Type": words, "Mobile": words, "Message": words}).encode()
        counter.said.append(await counter.posts(f"/ussd/hubtel/{HUBTELS}", body))
    counter.server.told_to_end()
    await counter.server.ended()

    assert all(isinstance(event, dict) for event in counter.server.events())
    assert all(0x20 <= byte < 0x7F for line in counter.server.log for byte in line.rstrip("\n").encode())
    assert [event["event"] for event in counter.server.events()].count("open") == 1


async def test_no_secret_is_on_a_command_line_in_the_log_or_on_a_page(counter: Counter):
    await counter.enrols()
    pages = [counter.server.url, counter.server.console]
    for path in ("/", "/metrics", "/health/ready", "/console", f"/ussd/africastalking/{OURS}x", "/%ff", "/../../.env"):
        for page in pages:
            async with counter.server.http.get(f"{page}{path}") as reply:
                counter.said.append(f"{reply.headers} {await reply.text()}")
    for raw in NO_HTTP:
        await counter.writes(raw.encode())
    line = Path(f"/proc/{counter.server.process.pid}/cmdline").read_bytes()

    shown = {"line": line, "log": "".join(counter.server.log), "said": counter.said, "files": counter.files}
    assert [(where, secret) for where, what in shown.items() for secret in SECRETS if secret in repr(what)] == []


async def test_it_leaves_no_core(counter: Counter):
    pid = counter.server.process.pid

    limits = resource.prlimit(pid, resource.RLIMIT_CORE)
    status = Path(f"/proc/{pid}").stat().st_uid

    assert limits == (0, 0)
    # What may not be dumped belongs to root, whoever runs it.
    assert status == 0


@pytest.mark.skipif(not os.environ.get("THOROUGH"), reason="`make check-security`: it reads a whole process's memory")
async def test_soon_no_pin_is_left_in_the_memory_of_the_process(counter: Counter):
    await counter.enrols()
    await counter.sees_her_money()
    others = [counter.server.phone(f"+6281234511{last:03}") for last in range(300)]
    for phone in others:
        await phone.dials("2", "1", "1985", "2468", "0")

    left = memory_of(counter.server.process.pid)

    assert {pin: sum(left.count(trace) for trace in traces_of(pin)) for pin in (RIGHT, WRONG)} == {RIGHT: 0, WRONG: 0}


def memory_of(pid: int) -> bytes:
    """All that the process can write to."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_rest = line.split()
            if rights.startswith("rw"):
                start, end = (int(part, 16) for part in place.split("-"))
                memory.seek(start)
                try:
                    found.append(memory.read(end - start))
                except OSError:
                    continue
    return b"".join(found)
