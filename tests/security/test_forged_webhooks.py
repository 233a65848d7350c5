"""Threats 1, 2 and 4: whoever cannot prove where he calls from finds nothing, at any address and by any trick."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from multidict import CIMultiDict

from console.callers import caller_behind
from core.ports import SavedSession
from tests.support.dialects import NUMBER, BehindAfricasTalking, BehindHubtel
from tests.support.houses import FORM, HUBTELS, OURS, WEBHOOK_SECRET, Inside, inside, provider_at

TELEGRAMS = "a-secret-of-telegrams-22-signs"
BOT = {
    "TELEGRAM_TOKEN": "1234567:abcdefghijklmnopqrstuvwxyz0123456789",
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "TELEGRAM_SECRET": TELEGRAMS,
    "PUBLIC_URL": "https://counter.example.org",
}
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SPOOFED = {"X-Forwarded-For": "127.0.0.1, ::ffff:127.0.0.1", "Forwarded": "for=127.0.0.1", "Host": "localhost"}
AT, HUBTEL, TELEGRAM, PROVIDER = "/ussd/africastalking", "/ussd/hubtel", "/telegram", "/providers/digiflazz"


@dataclass(frozen=True)
class Knock:
    """One try to be taken for somebody else."""

    path: str
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunked: bool = False

    async def on(self, home: Inside) -> ClientResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for at in range(0, len(self.body), 7):
                yield self.body[at : at + 7]

        given = pieces() if self.chunked else self.body
        headers = CIMultiDict(self.headers)
        return await home.http.request(self.method, f"{home.url}{self.path}", data=given, headers=headers)


def wrong_of(secret: str, others: list[str]) -> list[str]:
    """Nothing, nearly the secret in each way, and the secrets of other gates."""
    near = [f"{secret}x", secret[:-1], secret[1:], secret.upper(), f"{secret}%00", f"{secret}%20", f"%20{secret}"]
    swapped = [secret[:at] + "~" + secret[at + 1 :] for at in range(len(secret))]
    return ["", "x", "None", "null", "x" * 3000, "%2e%2e", "%FF%FE", *near, *swapped, *others]


def of_a_path(gate: str, secret: str, others: list[str], body: bytes) -> Iterator[Knock]:
    forms = (tuple(FORM.items()), tuple({**FORM, **SPOOFED}.items()))
    for wrong, tail, headers in itertools.product(wrong_of(secret, others), ("", "/events"), forms):
        yield Knock(f"{gate}/{wrong}{tail}", headers=headers, body=body)
    for wrong in wrong_of(secret, others):
        yield Knock(f"{gate}/{wrong}", body=body, chunked=True)
        yield Knock(f"{gate}/{wrong}?secret={secret}", body=body)
        yield Knock(f"{gate}/{wrong}", headers=(("X-Secret", secret), ("Authorization", f"Bearer {secret}")), body=body)
    for method, tail in itertools.product(("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"), ("", "/events")):
        yield Knock(f"{gate}/{secret}{tail}", method, body=body)
    yield from (Knock(f"{gate}/wrong{tail}", body=b"9" * 100_000) for tail in ("", "/events"))
    yield Knock(f"{gate}/{secret}/more", body=body)
    yield Knock(f"{gate}//{secret}", body=body)
    yield Knock(f"/ussd/{secret}", body=body)


def of_a_header(gate: str, name: str, secret: str, others: list[str], body: bytes) -> Iterator[Knock]:
    plain = [one for one in wrong_of(secret, others) if "%" not in one]
    for wrong, chunked, spoofed in itertools.product(plain, (False, True), ((), tuple(SPOOFED.items()))):
        yield Knock(gate, headers=((name, wrong), *spoofed), body=body, chunked=chunked)
    for wrong in plain:
        yield Knock(gate, headers=((name, wrong), (name, secret)), body=body)
        yield Knock(f"{gate}/{secret}", headers=((name, wrong),), body=body)
        yield Knock(f"{gate}?{name}={secret}", headers=((name, wrong),), body=body)
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        yield Knock(gate, method, headers=((name, secret),), body=body)
    yield Knock(gate, body=body)
    yield Knock(gate, headers=((name, secret[::-1]),), body=b"9" * 100_000)
    yield Knock(gate, headers=((f"X-{name}", secret),), body=body)


UPDATE = json.dumps({"update_id": 7, "message": {"chat": {"id": 1, "type": "private"}, "text": "/start"}}).encode()
CALLBACK = json.dumps({"data": {"ref_id": "p1-1", "status": "Sukses", "rc": "00"}}).encode()
FORGERIES = {
    "africastalking": [*of_a_path(AT, OURS, [HUBTELS, TELEGRAMS, WEBHOOK_SECRET], BehindAfricasTalking().dials())],
    "hubtel": [*of_a_path(HUBTEL, HUBTELS, [OURS, TELEGRAMS, WEBHOOK_SECRET], BehindHubtel().dials())],
    "telegram": [*of_a_header(TELEGRAM, SECRET_HEADER, TELEGRAMS, [OURS, HUBTELS, WEBHOOK_SECRET], UPDATE)],
    "digiflazz": [
        *of_a_header(PROVIDER, "X-Hub-Signature", f"sha1={'a' * 40}", [WEBHOOK_SECRET, OURS, "sha1="], CALLBACK),
        *of_a_header(PROVIDER, "X-Hub-Signature", WEBHOOK_SECRET, ["sha256=00"], CALLBACK),
    ],
}


@dataclass
class Seen:
    """All that a stranger can tell."""

    status: int
    body: bytes
    headers: list[str] = field(default_factory=list)


async def seen(reply: ClientResponse) -> Seen:
    told = sorted(f"{name}: {value}" for name, value in reply.headers.items() if name not in ("Date", "Connection"))
    return Seen(reply.status, await reply.read(), told)


@pytest.mark.parametrize("gate", FORGERIES)
async def test_two_hundred_forgeries_find_the_same_nothing(gate: str, tmp_path: Path):
    knocks = FORGERIES[gate]
    assert len(knocks) >= 200
    async with inside(tmp_path, **BOT, **provider_at("http://127.0.0.1:9")) as home:
        nowhere = {method: await seen(await Knock("/nowhere", method).on(home)) for method in ("POST", "HEAD")}
        found = [(knock, await seen(await knock.on(home))) for knock in knocks]
        counted = await home.metric(f'loket_strangers_total{{gate="{gate}"}}')
        session = await home.parts.store.read(SavedSession, "ussd", NUMBER)
        arrived = await home.parts.store.arrivals_waiting("telegram", limit=1)
        turns = await home.metric(f'loket_turn_seconds_count{{gateway="{gate}"}}')

    alike = nowhere["POST"], nowhere["HEAD"]
    assert [knock for knock, shown in found if shown not in alike] == []
    assert nowhere["POST"].status == 404
    assert (session, list(arrived), turns) == (None, [], 0)
    assert counted > 100


# ---- by network


async def test_a_gate_that_names_its_network_knows_nobody_else(tmp_path: Path):
    """With the right secret, from this machine, whatever is said of another one."""
    async with inside(tmp_path, AFRICASTALKING_ALLOW="192.0.2.0/24", HUBTEL_ALLOW="127.0.0.0/8") as home:
        dials = BehindAfricasTalking().dials()
        asked = [
            await Knock(f"{AT}/{OURS}", headers=(*FORM.items(), ("X-Forwarded-For", said)), body=dials).on(home)
            for said in ("192.0.2.7", "192.0.2.7, 192.0.2.8", "", "::ffff:192.0.2.7")
        ]
        hubtel = await Knock(f"{HUBTEL}/{HUBTELS}", body=BehindHubtel().dials()).on(home)

    assert [reply.status for reply in asked] == [404] * 4
    assert hubtel.status == 200


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("192.0.2.7", 200),
        ("10.9.9.9, 192.0.2.7", 200),
        ("192.0.2.7, 10.9.9.9", 404),
        ("192.0.2.7, 127.0.0.1", 200),
        ("::ffff:192.0.2.7", 200),
        ("", 404),
        ("nonsense", 404),
        ("192.0.2.7, nonsense", 404),
        ("192.0.2.7:443", 404),
    ],
)
async def test_behind_a_proxy_of_ours_what_it_wrote_counts(tmp_path: Path, said: str, status: int):
    networks = {"AFRICASTALKING_ALLOW": "192.0.2.0/24", "TRUSTED_PROXIES": "127.0.0.1"}
    async with inside(tmp_path, **networks) as home:
        headers = (*FORM.items(), ("X-Forwarded-For", said)) if said else tuple(FORM.items())
        reply = await Knock(f"{AT}/{OURS}", headers=headers, body=BehindAfricasTalking().dials()).on(home)

    assert reply.status == status


@pytest.mark.parametrize(
    ("peer", "hops", "caller"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["192.0.2.7"], "203.0.113.9"),
        ("::ffff:127.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", ["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", ["192.0.2.7", "127.0.0.1"], "192.0.2.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["x"], "None"),
        ("fe80::1%eth0", [], "fe80::1"),
        ("", ["192.0.2.7"], "None"),
    ],
)
def test_who_calls_is_the_nearest_that_is_no_proxy(peer: str, hops: list[str], caller: str):
    assert str(caller_behind(peer, hops, [ip_network("127.0.0.0/8")])) == caller


async def test_a_knock_and_a_call_at_once_do_not_mix(tmp_path: Path):
    async with inside(tmp_path) as home:
        right = Knock(f"{AT}/{OURS}", headers=tuple(FORM.items()), body=BehindAfricasTalking().dials())
        wrong = Knock(f"{AT}/{OURS}x", headers=tuple(FORM.items()), body=BehindAfricasTalking().dials())
        replies = await asyncio.gather(*(one.on(home) for one in (right, wrong) * 10))

    assert [reply.status for reply in replies] == [200, 404] * 10
