"""The PIN comes in clear with every delivery after it. It is not in the store, its log, our log or any answer."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from structlog.testing import capture_logs

from core.conversation.listen import Listener
from core.conversation.pace import Pace
from tests.support.counters import bench
from tests.support.dialects import BehindAfricasTalking, BehindHubtel, Subscriber
from ussd.desk import Desk
from ussd.pages import UssdChannel

CANARY = "739182"


async def test_a_wrong_pin_leaves_no_trace_behind_any_gateway(tmp_path: Path):
    phones: list[Subscriber] = [BehindAfricasTalking(), BehindHubtel()]

    with capture_logs() as logs:
        async with bench(tmp_path) as counter:
            await counter.customer()
            desk = Desk(Listener(counter.counter, [UssdChannel()]), counter.counter.words, Pace(per_s=5, burst=100))
            answers = [
                (await desk.answer(phone.gateway, body)).body
                for phone in phones
                for body in (phone.dials(), phone.types("5"), phone.types(CANARY), phone.types("0"))
            ]
            kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert b"That PIN is wrong" in b"".join(answers)
    assert [trace for trace in traces_of(CANARY) if trace in kept + repr(logs).encode() + b"".join(answers)] == []


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
