"""What the public port answers: gateways, providers, and whether we are well. All else is the same nothing."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.settings import Settings, secrets_of
from adapters.settings.kinds import networks_of
from adapters.wiring import Callback, Wired, read_callback
from console.callers import gatekeeper, gates_of
from console.metrics import Metrics
from core.ports import Contact, StoreDown
from core.services.hear_callback import Hint, hear_callback
from core.services.reopen import closed_since
from ussd.app import Door, ussd_routes, whole_body
from ussd.desk import Desk
from ussd.gateways.africastalking import AfricasTalking
from ussd.gateways.hubtel import Hubtel

log = structlog.get_logger(__name__)

LARGEST_CALLBACK = 64 * 1024


def public_app(settings: Settings, desk: Desk, parts: Wired, metrics: Metrics) -> web.Application:
    keeper = gatekeeper(gates_of(settings), networks_of(settings.trusted_proxies), metrics.stranger)
    app = web.Application(middlewares=[keeper])
    app.add_routes(ussd_routes(desk, doors_of(settings), observe=metrics.turn))
    secrets = secrets_of(settings.digiflazz_webhook_secret)
    if secrets:
        app.router.add_route("*", "/providers/digiflazz", _digiflazz(parts, secrets))
    app.add_routes(health_routes(parts))
    return app


def doors_of(settings: Settings) -> list[Door]:
    """A gateway without a secret has no door at all."""
    pepper, *older = settings.secret_keys
    gateways = (
        (AfricasTalking(pepper, *older, sim=settings.sim_field), settings.africastalking_secret),
        (Hubtel(pepper, [settings.short_code], *older, sim=settings.sim_field), settings.hubtel_secret),
    )
    return [Door(gateway, secrets_of(secret)) for gateway, secret in gateways if secret is not None]


def health_routes(parts: Wired) -> list[web.RouteDef]:
    """`live`: the process answers. `ready`: its store can be read, and written as far as anybody knows."""

    async def live(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def ready(_request: web.Request) -> web.Response:
        if not parts.store.usable:
            return web.Response(status=503, text="the store is lost")
        if await closed_since(parts.store) is not None:
            return web.Response(status=503, text="the store came back from a copy and is not open yet")
        # One row, found by its key: strangers may ask as often as they like.
        await parts.store.read(Contact, "ussd", "")
        return web.Response(text="ok")

    return [web.get("/health/live", live), web.get("/health/ready", ready)]


def _digiflazz(parts: Wired, secrets: Sequence[str]) -> Handler:
    """Keep what a callback says, then acknowledge it. Without our signature it is as if nobody were here."""

    async def hear(request: web.Request) -> web.Response:
        body = await whole_body(request, LARGEST_CALLBACK) if request.method == "POST" else b""
        callback = read_callback(request.headers, body, *secrets)
        if callback is None:
            raise web.HTTPNotFound
        if not callback.is_ping:
            await _keep(parts, callback)
        return web.Response(text="ok")

    return hear


async def _keep(parts: Wired, said: Callback) -> None:
    hint = Hint("digiflazz", said.key, said.reference, said.amount, said.body, said.says_paid)
    try:
        did = await hear_callback(parts.counter, hint)
    except StoreDown as down:
        log.warning("callback_not_kept", provider="digiflazz", why=str(down))
        raise web.HTTPServiceUnavailable from down
    log.info("callback", provider="digiflazz", event_kind=said.event, did=did)
