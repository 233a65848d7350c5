"""What no provider offers and every test wants: to look into its books, move its clock and make it fail.

These routes are not signed; a sandbox listens on the loopback interface.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from aiohttp import web

from adapters.sandbox.clock import JAKARTA
from adapters.sandbox.faults import FAULTS
from adapters.sandbox.numbers import script_table
from adapters.sandbox.provider import Provider
from adapters.sandbox.sales import Sale
from adapters.sandbox.statement import statement

PROVIDER = web.AppKey("provider", Provider)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/sandbox/ledger", ledger),
        web.get("/sandbox/statement", download),
        web.get("/sandbox/numbers", numbers),
        web.get("/sandbox/callbacks", callbacks),
        web.get("/sandbox/faults", faults),
        web.post("/sandbox/faults", set_faults),
        web.delete("/sandbox/faults", clear_faults),
        web.post("/sandbox/clock", set_clock),
        web.post("/sandbox/settle", settle),
        web.post("/sandbox/transfer", transfer),
    ]


async def ledger(request: web.Request) -> web.Response:
    """Everything that was sold, the deposit, and what came into it. Money is whole rupiah."""
    provider = request.app[PROVIDER]
    sales = provider.book.sales()
    held = sum(sale.price for sale in sales if sale.keeps_money)
    sums = {"deposit": provider.book.balance(), "put_in": provider.book.put_in(), "kept": held}
    return web.json_response({**sums, "sales": [_line(provider, sale) for sale in sales]})


def _line(provider: Provider, sale: Sale) -> dict[str, object]:
    received = provider.book.received(sale.ref_id)
    return {
        "ref_id": sale.ref_id,
        "nth": sale.nth,
        "kind": sale.kind,
        "sku": sale.sku,
        "customer_no": sale.customer_no,
        "price": sale.price,
        "state": sale.state,
        "rc": sale.rc,
        "sn": sale.sn if sale.keeps_money else "",
        "coming": list(sale.coming),
        "received": sum(received.values()),
        "received_by_call": received,
        "created_at": sale.created_at.isoformat(),
        "changed_at": sale.changed_at.isoformat(),
    }


async def download(request: web.Request) -> web.Response:
    """The statement of `?from=…&to=…`, days in Jakarta, both included; of today where none is named."""
    provider = request.app[PROVIDER]
    provider.settle()
    today = provider.now.astimezone(JAKARTA).date().isoformat()
    with _explained():
        first = date.fromisoformat(request.query.get("from", today))
        last = date.fromisoformat(request.query.get("to", first.isoformat()))
        since, until = (datetime.combine(day, time(), JAKARTA) for day in (first, last + timedelta(days=1)))
    written = statement(provider.book, since, until)
    return web.Response(text=written, content_type="text/csv", headers={"Content-Disposition": _named(first, last)})


def _named(first: date, last: date) -> str:
    return f'attachment; filename="statement-{first}-{last}.csv"'


async def numbers(_request: web.Request) -> web.Response:
    """The table of test numbers."""
    rows = [{"for": what, "number": number, "story": story} for what, number, story in script_table()]
    return web.json_response(rows)


async def callbacks(request: web.Request) -> web.Response:
    """The last callbacks that were sent, the oldest first; those on their way are waited for."""
    webhooks = request.app[PROVIDER].webhooks
    await webhooks.delivered()
    return web.json_response(list(webhooks.sent))


async def faults(request: web.Request) -> web.Response:
    """The table of faults, and which are set."""
    return web.json_response({"faults": {name: row.story for name, row in FAULTS.items()}, **_plan(request)})


async def set_faults(request: web.Request) -> web.Response:
    """`next` adds to the queue, `rates` replaces the rates, `seed` the seed of both; `clear` forgets all first."""
    plan = request.app[PROVIDER].plan
    wanted = await _read(request, {"next": list, "rates": dict, "seed": int, "clear": bool})
    if wanted.get("clear"):
        plan.clear()
    with _explained():
        plan.set_rates(wanted.get("rates", plan.rates))
        plan.enqueue(wanted.get("next", []))
    plan.seed = wanted.get("seed", plan.seed)
    return web.json_response(_plan(request))


async def clear_faults(request: web.Request) -> web.Response:
    request.app[PROVIDER].plan.clear()
    return web.json_response(_plan(request))


def _plan(request: web.Request) -> dict[str, object]:
    plan = request.app[PROVIDER].plan
    waiting = [queued.fault.name for queued in plan.queue for _ in range(queued.times)]
    return {"next": waiting, "rates": plan.rates, "seed": plan.seed}


async def set_clock(request: web.Request) -> web.Response:
    """`to` sets the time, `forward_s` and `forward_days` move it, an empty object goes back to real time."""
    provider = request.app[PROVIDER]
    wanted = await _read(request, {"to": str, "forward_s": int, "forward_days": int})
    if not wanted:
        provider.clock.reset()
    with _explained():
        if "to" in wanted:
            provider.clock.set(_moment(wanted["to"]))
        ahead = timedelta(days=wanted.get("forward_days", 0), seconds=wanted.get("forward_s", 0))
        provider.clock.move(ahead)
    provider.settle()
    return web.json_response({"now": provider.now.isoformat()})


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def settle(request: web.Request) -> web.Response:
    """Bring everything that is still on its way to its end now, and let every status show it."""
    return web.json_response({"changes": request.app[PROVIDER].settle(at_once=True)})


async def transfer(request: web.Request) -> web.Response:
    """The bank transfer for a deposit ticket arrives: the amount must be the ticket's, to the last rupiah."""
    provider = request.app[PROVIDER]
    amount = (await _read(request, {"amount": int})).get("amount", 0)
    with provider.book.whole():
        if not provider.book.pay_ticket(amount):
            raise _unfit(f"No open ticket asks for exactly {amount} rupiah.")
        provider.book.move_deposit(amount, "transfer", at=provider.now)
    return web.json_response({"deposit": provider.book.balance()})


# ---- requests of these routes, and what is said to one that does not fit


async def _read(request: web.Request, fields: Mapping[str, type]) -> dict[str, Any]:
    body = await request.read()
    with _explained():
        wanted = json.loads(body or b"{}")
    if not isinstance(wanted, dict) or set(wanted) - set(fields):
        raise _unfit(f"This takes an object of {', '.join(fields)}.")
    for name, value in wanted.items():
        if type(value) is not fields[name]:
            raise _unfit(f"{name} must be of type {fields[name].__name__}.")
    return wanted


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (ValueError, OverflowError) as trouble:
        raise _unfit(str(trouble)) from trouble


def _unfit(why: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": why}), content_type="application/json")
