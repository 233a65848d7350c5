"""How the bot gets its updates: getUpdates and webhooks."""

from __future__ import annotations

from adapters.botapi import limits
from adapters.botapi.calls import Call
from adapters.botapi.messages import Json
from adapters.botapi.options import may_be_called
from adapters.botapi.refusals import bad, conflict
from adapters.botapi.server import Server
from adapters.botapi.webhooks import Webhook


async def get_updates(server: Server, call: Call) -> list[Json]:
    if server.webhooks.hook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    server.updates.allow(call.loaded("allowed_updates"))
    limit = call.integer("limit", 100)
    return await server.updates.poll(
        offset=call.integer("offset"),
        limit=min(max(limit, 1), 100),
        timeout_s=min(call.integer("timeout"), 50),
    )


def set_webhook(server: Server, call: Call) -> bool:
    url, connections = call.text("url"), call.integer("max_connections", 40)
    limits.check_secret(call.text("secret_token"))
    if not 1 <= connections <= 100:
        # Telegram takes the nearest it allows, without a word.
        server.violations.append(f"setWebhook: max_connections is {connections}, not 1 to 100.")
        connections = min(max(connections, 1), 100)
    if not url:
        return delete_webhook(server, call)
    if not may_be_called(url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook", f"A webhook cannot be at {url!r}.")
    _drop(server, call)
    server.updates.allow(call.loaded("allowed_updates"))
    server.updates.end_poll("setWebhook request")
    server.webhooks.connect(Webhook(url, call.text("secret_token"), connections))
    return True


def delete_webhook(server: Server, call: Call) -> bool:
    _drop(server, call)
    server.webhooks.disconnect()
    return True


def get_webhook_info(server: Server, _call: Call) -> Json:
    hook, trouble, allowed = server.webhooks.hook, server.webhooks.trouble, server.updates.allowed_given
    shown: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(server.updates.waiting),
    }
    if hook is not None:
        shown |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if trouble.message:
        shown |= {"last_error_date": int(trouble.at), "last_error_message": trouble.message}
    return shown | ({"allowed_updates": allowed} if allowed else {})


def _drop(server: Server, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        server.updates.drop_all()
