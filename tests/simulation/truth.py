"""What must be true once nothing is on its way any more, seen from outside: by the providers' own books, the bank's
statement, what people confirmed and what reached their phones.

The names are those of the goals: E1 paid once a confirmation, E2 nothing unconfirmed, E3 the amount that was confirmed,
E4 the balance, E7 receipts, E8 everybody is told, E9 at rest in time.
"""

from __future__ import annotations

import asyncio
from collections import Counter as Count
from itertools import chain
from typing import TYPE_CHECKING

from core.domain.evidence import Break
from core.domain.payment import HOLDING, OPEN, Attempt, Payment
from core.domain.wallet import Wallet
from core.services.hear_callback import hear_callback
from core.services.settle import settle
from tests.simulation.people import OPENING
from tests.simulation.providers import callback_of, said_of
from tests.support.agreement import disagreements

if TYPE_CHECKING:
    from tests.simulation.world import World

# After faults have stopped everything settles with its next looks: two past the finality window, an hour apart at most.
AT_REST_WITHIN_S = 4 * 3_600
A_LOOK_S = 60
ENDED = ("captured", "voided", "expired", "refunded")
# A second attempt that turns out paid when the first has come to its end: there is no arrow for it, but a break.
LEFT_TO_PEOPLE = {"contradiction": ("refunded", "late")}


async def settled_everywhere(world: World) -> None:
    """Wait until all is at rest, read the statements, and compare every book."""
    await _sales_end(world)
    await _callbacks_come(world)
    await _lines_are_posted(world)
    await _at_rest(world)
    await _statements_are_read(world)
    await _at_rest(world)
    world.watch.look_at_all()
    process = await world.serving()
    kept = {key for sales in world.sales.values() for key in sales.kept()}
    for trouble in await disagreements(process.store, kept, left_to_people=LEFT_TO_PEOPLE):
        if not (trouble.endswith("still review") and _too_old_to_ask(world)):
            world.fail(f"E1: {trouble}")
    if any(one.state == "late" or one.reason == "late" for one in world.watch.payments) or _called_about_late(world):
        world.happened("arrived late")
    checks = (
        _given_up_unheard(world, kept),
        _unconfirmed(world, kept),
        _wrong_balances(world),
        _untold(world),
        _receipts(world),
        _unheard(world),
    )
    for trouble in chain(*checks):
        world.fail(trouble)
    await asyncio.sleep(0)


async def _sales_end(world: World) -> None:
    ends = [sale.ends for sales in world.sales.values() for sale in sales.sales.values()]
    await asyncio.sleep(max(0.0, max(ends, default=0.0) - world.loop.time()) + 1)


async def _callbacks_come(world: World) -> None:
    """Those that were lost as well."""
    sales = world.sales["digiflazz"]
    for key, sale in list(sales.sales.items()):
        process = await world.serving()
        hint = callback_of(sale, sale.last, sales.chance(key, "last"))
        assert hint is not None
        await process.task(hear_callback(process.counter, hint), "cb")


async def _lines_are_posted(world: World) -> None:
    """The operator goes through her statement once more: what she knows nothing of, she does again."""
    people = world.people
    for line in people.lines:
        process = await world.serving()
        await process.task(people.post(process, line), f"heal {line}")
    for line in sorted(people.wanted_back):
        process = await world.serving()
        await process.task(people.send_back(process, line), f"back {line}")


async def _at_rest(world: World) -> None:
    """Nothing on hold but what people must decide, no message waiting, and nothing to look at. E9."""
    until = world.loop.time() + AT_REST_WITHIN_S
    while busy := _busy(world):
        if world.loop.time() > until:
            world.fail(f"E9: not at rest {AT_REST_WITHIN_S / 3_600:g} h after all faults: {busy}")
            await asyncio.sleep(0)
        await asyncio.sleep(A_LOOK_S)


def _busy(world: World) -> list[str]:
    waiting = [one.message_id for one in world.watch.messages if one.due_at and not one.patient]
    if world.server is None or not world.server.ready or world.server.inbox.waiting:
        waiting.append("what came from the chat")
    states = OPEN - {"review"} if _too_old_to_ask(world) else OPEN
    return [*(f"{one.payment_id} {one.state}" for one in world.watch.payments if one.state in states), *waiting]


def _too_old_to_ask(world: World) -> bool:
    """By a clock that went ahead, attempts are too old for their provider: what it never heard of is left to people."""
    return world.counts["clock_ahead"] > 0


async def _statements_are_read(world: World) -> None:
    """Each line of a provider's own statement, as an operator reads it in."""
    for sales in world.sales.values():
        for key, sale in list(sales.sales.items()):
            process = await world.serving()
            payment_id, _, number = key.rpartition("-")
            attempt = world.watch.rows[Attempt].get((payment_id, int(number)))
            assert attempt is not None, f"{key} was sold and is not in our book"
            answer = said_of(sale, attempt, world.loop.time(), by="statement")
            await process.task(settle(process.counter, attempt, answer, source="operator"), f"st{key}")


def _given_up_unheard(world: World, kept: set[str]) -> list[str]:
    """E1: what came late after all was given up only because the provider itself had once said no."""
    said_yes = {key for sales in world.sales.values() for key, sale in sales.sales.items() if not sale.said_no}
    late = {one.payment_id for one in world.watch.payments if one.state == "late"}
    return [
        f"E1: {key} was given up before anybody said no"
        for key in sorted(kept & said_yes)
        if key.rpartition("-")[0] in late
    ]


def _unconfirmed(world: World, kept: set[str]) -> list[str]:
    """E1, E2, E3: no more was bought for a number than was confirmed for it, and for the amount that was confirmed."""
    bought: Count[tuple[str, str]] = Count()
    found = []
    for sales in world.sales.values():
        for key, sale in sales.sales.items():
            payment = world.watch.payment(key.rpartition("-")[0])
            if payment is None:
                found.append(f"E2: {key} was never confirmed")
                continue
            bought[payment.wallet_id, sale.asked.reference] += key in kept and not _is_claimed(world, payment, key)
            if sale.asked.reference != payment.reference or sale.price > payment.most_minor:
                found.append(f"E3: {key} is for another number or amount")
    confirmed = world.people.confirmed
    return found + [
        f"E1: {times} bought for {place}, {confirmed[place]} confirmed"
        for place, times in bought.items()
        if times > confirmed[place]
    ]


def _is_claimed(world: World, payment: Payment, key: str) -> bool:
    """A second attempt of one purchase that was paid as well: the provider owes us that one."""
    mine = [one for one in world.watch.rows[Attempt].values() if one.payment_id == payment.payment_id]
    return sum(one.outcome == "paid" for one in mine) > 1 and key.endswith(f"-{len(mine)}") and len(mine) > 1


def _wrong_balances(world: World) -> list[str]:
    """E4: what she had, and what the statements say came and went, less what she was told that she paid."""
    found = []
    for wallet in world.watch.rows[Wallet].values():
        came = sum(amount.minor for line, (who, amount) in world.people.lines.items() if who == wallet.wallet_id)
        went = sum(
            world.people.lines[line][1].minor
            for line in world.people.gone
            if world.people.lines[line][0] == wallet.wallet_id
        )
        paid = sum(one.total.minor for one in world.watch.payments if _charged(one, wallet.wallet_id))
        due = OPENING * 100 + came - went - paid
        if wallet.available_minor != due:
            found.append(f"E4: {wallet.wallet_id} has {wallet.available_minor}, and should have {due}")
    return found


def _charged(payment: Payment, wallet_id: str) -> bool:
    return payment.wallet_id == wallet_id and payment.state in ("captured", "disputed", "refund_due", *HOLDING)


def _untold(world: World) -> list[str]:
    """E8: whatever was accepted has an end, and its owner was told; what we call sent has arrived somewhere."""
    found = [
        f"E8: {one.message_id} was called sent and never arrived"
        for one in world.watch.messages
        if one.sent_at and one.tries and one.message_id not in world.came
    ]
    told = {one.message_id for one in world.watch.messages}
    ended = [one for one in world.watch.payments if one.state in ENDED and one.reason != "QuoteExpired"]
    return found + [
        f"E8: nobody was told that {one.payment_id} is {one.state}"
        for one in ended
        if f"{one.state}:{one.payment_id}" not in told
    ]


def _unheard(world: World) -> list[str]:
    """What the chat's network was told that we have was handled."""
    forgotten = sorted(world.people.acknowledged - world.people.handled)
    return [f"L7: update {number} was acknowledged and forgotten" for number in forgotten]


def _called_about_late(world: World) -> bool:
    return any(one.kind == "paid_after_end" for one in world.watch.rows[Break].values())


def _receipts(world: World) -> list[str]:
    """E7: as many receipts as payments that were captured, each with a number of its own."""
    numbers = Count(one.receipt for one in world.watch.payments if one.receipt)
    missing = [one.payment_id for one in world.watch.payments if one.state == "captured" and not one.receipt]
    return [f"E7: receipt {number} was given {times} times" for number, times in numbers.items() if times > 1] + [
        f"E7: {payment_id} has no receipt" for payment_id in missing
    ]
