"""Secrets are changed by restarts, and nobody who is talking to the counter notices."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Sequence
from pathlib import Path

from tests.support.chats import METER
from tests.support.houses import ENOUGH, FORM, OURS, WEBHOOK_SECRET, Inside, Phone, a_sandbox, inside, provider_at

OLD, NEW = ENOUGH["SECRET_KEY"], "the-secret-key-of-the-next-year"
OLD_SIGNS, NEW_SIGNS = WEBHOOK_SECRET, "the-webhook-secret-of-the-next-year"
PEOPLE = 20


async def said(phone: Phone, body: bytes) -> str:
    address = f"{phone.home.url}/ussd/africastalking/{OURS}"
    async with phone.home.http.post(address, data=body, headers=FORM) as reply:
        assert reply.status == 200
        return await reply.text()


async def all_type(home: Inside, phones: Sequence[Phone], words: str) -> list[tuple[bytes, str]]:
    """Everybody at once: what each phone sent, and the screen it got."""
    for phone in phones:
        phone.home = home
    bodies = [phone.behind.types(words) for phone in phones]
    screens = await asyncio.gather(*(said(phone, body) for phone, body in zip(phones, bodies, strict=True)))
    return list(zip(bodies, screens, strict=True))


async def all_repeat(
    home: Inside, phones: Sequence[Phone], sent: Sequence[tuple[bytes, str]]
) -> list[tuple[bytes, str]]:
    """The same deliveries once more, as a gateway sends them that heard no answer."""
    for phone in phones:
        phone.home = home
    screens = await asyncio.gather(*(said(phone, body) for phone, (body, _) in zip(phones, sent, strict=True)))
    return [(body, screen) for (body, _), screen in zip(sent, screens, strict=True)]


async def test_twenty_calls_go_on_over_every_step_of_the_change(tmp_path: Path):
    numbers = [f"+62812000000{n:02}" for n in range(PEOPLE)]
    async with a_sandbox() as url:
        provider = provider_at(url)
        async with inside(tmp_path, SECRET_KEY=OLD, **provider) as home:
            for number in numbers:
                await home.customer(number=number)
            phones = [home.phone(number) for number in numbers]
            await asyncio.gather(*(phone.dials() for phone in phones))
            before = await all_type(home, phones, "1")

        async with inside(tmp_path, SECRET_KEY=f"{NEW} {OLD}", **provider) as home:
            assert await all_repeat(home, phones, before) == before
            during = await all_type(home, phones, METER)
            assert {"How much?" in screen for _, screen in during} == {True}, during[0]

        async with inside(tmp_path, SECRET_KEY=NEW, **provider) as home:
            assert await all_repeat(home, phones, during) == during
            after = await all_type(home, phones, "1")
            assert {"PIN" in screen for _, screen in after} == {True}, after[0]


async def test_callbacks_signed_with_either_secret_are_heard(tmp_path: Path):
    body = json.dumps({"sed": "x", "hook_id": "1"}).encode()
    async with inside(tmp_path, DIGIFLAZZ_WEBHOOK_SECRET=f"{NEW_SIGNS} {OLD_SIGNS}") as home:
        for secret, status in ((OLD_SIGNS, 200), (NEW_SIGNS, 200), ("neither-of-both-is-a-secret", 404)):
            signed = {"X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}
            async with home.http.post(f"{home.url}/providers/digiflazz", data=body, headers=signed) as reply:
                assert reply.status == status
