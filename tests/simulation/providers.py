"""Two providers. One is asked by the real adapter of Digiflazz, with this at the other end of the wire; it has no
status call for a purchase, so asking buys what it does not know. The other can be asked, and may not know yet what it
sold."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Protocol

from adapters.billers.digiflazz import Digiflazz, DigiflazzSettings, read_callback
from adapters.billers.outbound import Fate, Limits, Outbound, Reply
from adapters.billers.strict_json import read_json
from core.domain.bill import Bill
from core.domain.biller import Product
from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Proof
from core.ports import Clock, PriceLine
from core.services.hear_callback import Hint
from tests.simulation.loop import Life
from tests.simulation.sales import Asked, Sale, Sales, price_of

SECRET = "the provider's and ours"
SETTINGS = DigiflazzSettings("https://provider.test/v1", "loket", "a key", webhook_secret=SECRET)
OWED, ADMIN = 100_000, 2_500

# What may become of a call, and whether the provider has heard it.
FATES = {
    "not_sent": False,
    "request_lost": False,
    "answer_lost": True,
    "slow": True,
    "server_error": True,
    "garbage": True,
    "truncated": True,
    "too_dear": True,
    "wrong_echo": True,
}
HEARD_NOT = tuple(fate for fate, heard in FATES.items() if not heard)
RCS = {"sold": "00", "failed": "02", "pending": "03", "given_back": "74", "refused": "56"}
STATUS = {"00": "Sukses", "03": "Pending"}


class World(Protocol):
    """What a provider sees of the world."""

    calls: int
    partitioned: bool

    def about_to_be_asked(self, key: str, *, first: bool) -> None:
        """Checks that what is asked was written down before."""


def fate_of(sales: Sales, world: World, key: str) -> str:
    """What becomes of the next call about a key; empty when it goes well."""
    world.calls += 1
    if sales.honest:
        return ""
    if world.partitioned:
        sales.happened("not_sent")
        return "not_sent"
    chance = sales.chance(key, "call", world.calls)
    allowed = sorted(sales.kinds & FATES.keys())
    if not allowed or chance.random() < 0.5:
        return ""
    fate = chance.choice(allowed)
    sales.happened(fate)
    return fate


class Wire(Outbound):
    """The other end: Digiflazz's buyer protocol, for the process of one life."""

    def __init__(self, sales: Sales, world: World, life: Life) -> None:
        super().__init__(SETTINGS.url)
        self._sales, self._world, self._life = sales, world, life
        self._inquired: dict[str, str] = {}

    async def post(self, path: str, body: Mapping[str, object], limits: Limits) -> Reply:
        self._life.check()
        said: dict[str, Any] = dict(body)
        key = str(said.get("ref_id", said.get("customer_no", "")))
        if path == "/inquiry-pln" or said.get("commands") == "inq-pasca":
            return await self._answered(fate_of(self._sales, self._world, key), self._inquiry(said), limits)
        self._world.about_to_be_asked(key, first=False)
        fate = fate_of(self._sales, self._world, key)
        if fate in HEARD_NOT:
            return await self._answered(fate, {}, limits)
        await self._on_its_way(fate, key)
        reply = await self._answered(fate, self._sold(said), limits)
        self._life.check()
        return reply

    async def _on_its_way(self, fate: str, key: str) -> None:
        chance = self._sales.chance(key, "way", self._world.calls)
        await asyncio.sleep(chance.uniform(5, 39) if fate == "slow" else chance.choice((0.0, 0.1, 0.7)))
        self._life.check()

    async def _answered(self, fate: str, data: dict[str, Any], limits: Limits) -> Reply:
        if fate in ("request_lost", "answer_lost"):
            await asyncio.sleep(limits.total_s)
            return Reply(Fate.NO_ANSWER)
        if fate == "not_sent":
            return Reply(Fate.NOT_SENT)
        if fate == "server_error":
            return Reply(Fate.SERVER_ERROR, 502, begins="<html>")
        if fate == "too_dear" and "price" in data:
            data["price"] *= 100
        if fate == "wrong_echo":
            data["customer_no"] = "00000000000"
        raw = json.dumps({"data": data}).encode()
        raw = {"garbage": b"<html>\xff 200 OK", "truncated": raw[: len(raw) // 2]}.get(fate, raw)
        try:
            return Reply(Fate.ANSWERED, 200, read_json(raw))
        except ValueError:
            return Reply(Fate.NOT_JSON, 200, begins="…")

    def _inquiry(self, said: dict[str, Any]) -> dict[str, Any]:
        named = {"rc": "00", "status": "Sukses", "customer_no": said["customer_no"], "message": ""}
        if "commands" not in said:
            return {**named, "name": "SITI AMINAH", "segment_power": "R1/1300"}
        bill = {"buyer_sku_code": said["buyer_sku_code"], "customer_name": "BUDI SANTOSO", "ref_id": said["ref_id"]}
        return {**named, **bill, "price": OWED, "selling_price": OWED + ADMIN, "admin": ADMIN, "desc": {}}

    def _sold(self, said: dict[str, Any]) -> dict[str, Any]:
        """A purchase, which asks as well; a bill paid; or a bill asked about."""
        prepaid = "commands" not in said
        price = said["max_price"] - 300 if prepaid else OWED
        asked = Asked(said["ref_id"], said["buyer_sku_code"], said["customer_no"], said.get("max_price", 0))
        sale = self._sales.sales.get(asked.key)
        if said.get("commands") == "status-pasca":
            if sale is None or self._sales.now() < sale.lags_until:
                self._sales.happened("lags") if sale else None
                return _document(asked, "50", 0)
        elif sale is None:
            sale, _new = self._sales.sell(asked, price)
        assert sale is not None
        state = sale.state(self._sales.now())
        sale.said_no |= state in ("failed", "refused")
        return _document(asked, RCS[state], sale.price)


def _document(asked: Asked, rc: str, price: int) -> dict[str, Any]:
    token = int(hashlib.sha256(asked.key.encode()).hexdigest(), 16) % 10**20
    groups = f"{token:020d}"
    sn = "-".join(groups[place : place + 4] for place in range(0, 20, 4)) + "/SITI/R1/1300/10.5"
    return {
        "ref_id": asked.key,
        "buyer_sku_code": asked.code,
        "customer_no": asked.reference,
        "status": STATUS.get(rc, "Gagal"),
        "rc": rc,
        "message": "",
        "sn": sn if rc == "00" else "",
        "price": price,
        "selling_price": price,
    }


class ByWire(Digiflazz):
    """The real adapter, with the model instead of a socket."""

    def __init__(self, sales: Sales, world: World, life: Life, clock: Clock) -> None:
        super().__init__(SETTINGS, clock, seconds=sales.now)
        self._outbound = Wire(sales, world, life)


def callback_of(sale: Sale, state: str, chance: Random, *, forged: bool = False) -> Hint | None:
    """What the provider calls back about a sale, as our own door reads it."""
    data = _document(sale.asked, RCS[state], sale.price)
    secret = SECRET
    if forged:
        secret, data["price"] = chance.choice(((SECRET, sale.price * 50), ("of somebody else", sale.price)))
    raw = json.dumps({"data": data}).encode()
    signature = "sha1=" + hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()
    said = read_callback({"X-Hub-Signature": signature, "X-Digiflazz-Event": "update"}, raw, SECRET)
    if said is None:
        return None
    return Hint("digiflazz", said.key, said.reference, said.amount, said.body, said.says_paid)


class Askable:
    """The second provider, at the port: what is not there is not known, and a question never buys."""

    name = "other"

    def __init__(self, sales: Sales, world: World, life: Life) -> None:
        self._sales, self._world, self._life = sales, world, life

    @property
    def available(self) -> bool:
        return not self._world.partitioned

    async def prices(self) -> Sequence[PriceLine]:
        return []

    async def balance(self) -> Money:
        return Money(0, "IDR")

    async def inquire(self, product: Product, code: str, reference: str, *, key: str) -> Bill:
        return Bill(reference, "SITI AMINAH", key)

    async def submit(self, attempt: Attempt) -> Answer:
        return await self._called(attempt, first=True)

    async def ask_outcome(self, attempt: Attempt) -> Answer:
        return await self._called(attempt, first=False)

    async def _called(self, attempt: Attempt, *, first: bool) -> Answer:
        self._life.check()
        self._world.about_to_be_asked(attempt.key, first=first)
        sales = self._sales
        fate = fate_of(sales, self._world, attempt.key)
        if fate in HEARD_NOT:
            await asyncio.sleep(0 if fate == "not_sent" else 40)
            return _silence(fate)
        chance = sales.chance(attempt.key, "way", self._world.calls)
        await asyncio.sleep(chance.uniform(5, 39) if fate == "slow" else chance.choice((0.0, 0.1, 0.7)))
        self._life.check()
        answer = self._heard(attempt, first=first)
        if "poison" in sales.kinds and not sales.honest and chance.random() < 0.3:
            sales.happened("poison")
            raise LookupError("a bug that one payment meets")
        if fate == "answer_lost":
            await asyncio.sleep(40)
        self._life.check()
        return answer if fate in ("", "slow") else _silence(fate)

    def _heard(self, attempt: Attempt, *, first: bool) -> Answer:
        sales, asked = self._sales, Asked(attempt.key, attempt.code, attempt.reference, attempt.most_minor)
        sale = sales.sales.get(attempt.key)
        if not first and (sale is None or sales.now() < sale.lags_until):
            sales.happened("lags") if sale else None
            return Answer(Proof.NOT_CREATED, "unknown", json.dumps({"unknown": attempt.key}))
        if sale is None:
            sale, _new = sales.sell(asked, price_of(attempt.most))
        return said_of(sale, attempt, sales.now())


PROOFS: Mapping[str, Proof] = {
    "sold": Proof.PAID,
    "failed": Proof.FAILED,
    "pending": Proof.NOTHING,
    "given_back": Proof.GIVEN_BACK,
    "refused": Proof.NOT_CREATED,
}


def said_of(sale: Sale, attempt: Attempt, now: float, *, by: str = "reply") -> Answer:
    """An honest word on a sale, as an answer or as a line of a statement."""
    state = sale.state(now)
    sale.said_no |= state in ("failed", "refused")
    body = json.dumps({"key": attempt.key, "state": state, "by": by})
    cost = Money.of(sale.price, attempt.currency) if state == "sold" else None
    groups = _document(sale.asked, "00", sale.price)["sn"].partition("/")[0]
    token = groups.replace("-", "") if state == "sold" else ""
    return Answer(PROOFS[state], state, body, cost, serial=groups, token=token, elsewhere=state == "refused")


def _silence(why: str) -> Answer:
    return Answer(Proof.NOTHING, why, "")
