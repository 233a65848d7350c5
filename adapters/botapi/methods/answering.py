"""Answers to queries, refunds of Stars, and files for the bot."""

from __future__ import annotations

from adapters.botapi import limits
from adapters.botapi.calls import Call
from adapters.botapi.messages import Json, Toast
from adapters.botapi.queries import too_old
from adapters.botapi.refusals import bad
from adapters.botapi.server import Server

MOST_DOWNLOADED = 20 * 1024 * 1024


def answer_callback_query(server: Server, call: Call) -> bool:
    toast = Toast(call.text("text"), call.flag("show_alert"), call.text("url"))
    limits.check_toast(toast.text)
    press = server.queries.presses.get(call.text("callback_query_id"))
    if press is None or press.answer is not None:
        raise too_old()
    waited_s = server.options.now() - press.at
    if waited_s > server.options.query_lives_s:
        raise too_old()
    if waited_s > server.options.answer_within_s:
        server.violations.append(f"The press of {press.data!r} was answered after {waited_s:.1f} s.")
    press.answer = toast
    if toast.text or toast.url:
        server.people[press.person_id].toasts.append(toast)
    server.changed(press.person_id, "toast")
    return True


def answer_pre_checkout_query(server: Server, call: Call) -> bool:
    checkout = server.queries.checkouts.get(call.text("pre_checkout_query_id"))
    if not call.flag("ok") and not call.has("error_message"):
        raise bad("error_message must be non-empty", "A payment was refused without an error_message.")
    if checkout is None or checkout.verdict.done():
        raise too_old()
    checkout.verdict.set_result(None if call.flag("ok") else call.text("error_message"))
    return True


def refund_star_payment(server: Server, call: Call) -> bool:
    charge_id = call.text("telegram_payment_charge_id")
    if server.queries.stars.get(charge_id) != call.integer("user_id"):
        raise bad("CHARGE_NOT_FOUND")
    del server.queries.stars[charge_id]
    return True


def get_file(server: Server, call: Call) -> Json:
    file = server.files.find(call.text("file_id"))
    if file is None:
        raise bad("invalid file_id", f"getFile was asked for {call.text('file_id')!r}, which is no file_id.")
    if len(file.data) > MOST_DOWNLOADED:
        raise bad("file is too big")
    return {**file.as_json(), "file_path": file.path}
