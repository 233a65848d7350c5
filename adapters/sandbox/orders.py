"""Requests, read and checked: which fields a call has, of which type, and whether the signature is right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.sandbox.answers import Refused
from adapters.sandbox.options import SandboxOptions
from adapters.sandbox.signing import BALANCE, DEPOSIT, PRICE_LIST, is_signed

ALWAYS = {"username": str, "sign": str}
ORDER = {"buyer_sku_code": str, "customer_no": str, "ref_id": str}


@dataclass(frozen=True, slots=True)
class Call:
    """One thing a buyer can ask. `subject` is what the signature ends in, or the name of the `signed` field."""

    name: str
    required: Mapping[str, type]
    optional: Mapping[str, type] = field(default_factory=dict)
    subject: str = ""
    signed: str = "ref_id"


PURCHASE = Call("purchase", ORDER, {"testing": bool, "max_price": int, "cb_url": str, "allow_dot": bool})
BILL_CALLS = {
    "inq-pasca": Call("inq-pasca", ORDER, {"testing": bool, "amount": int, "year": int}),
    "pay-pasca": Call("pay-pasca", ORDER, {"testing": bool, "cb_url": str}),
    "status-pasca": Call("status-pasca", ORDER, {"testing": bool}),
}
CHECK_METER = Call("inquiry-pln", {"customer_no": str}, signed="customer_no")
CHECK_BALANCE = Call("cek-saldo", {"cmd": str}, subject=BALANCE)
LIST_PRICES = Call(
    "price-list", {"cmd": str}, {"code": str, "category": str, "brand": str, "type": str}, subject=PRICE_LIST
)
ASK_TICKET = Call("deposit", {"amount": int, "owner_name": str}, {"bank": str, "Bank": str}, subject=DEPOSIT)


def read_body(body: bytes) -> dict[str, object]:
    """The JSON object that was sent. Raises `Refused` 40."""
    try:
        payload = json.loads(body)
    except ValueError:
        raise Refused("40") from None
    if not isinstance(payload, dict):
        raise Refused("40")
    return payload


def transaction_call(payload: Mapping[str, object]) -> Call:
    """Without `commands` it is a purchase. Raises `Refused` 40 for a command that does not exist."""
    if "commands" not in payload:
        return PURCHASE
    call = BILL_CALLS.get(str(payload["commands"]))
    if call is None:
        raise Refused("40")
    return call


def check(call: Call, payload: Mapping[str, object], options: SandboxOptions) -> None:
    """Raises `Refused`: 40 for a missing, empty or mistyped field, 42 for the username, 41 for the signature."""
    required = {**ALWAYS, **call.required}
    _check_types(payload, required, call.optional)
    if payload["username"] != options.username:
        raise Refused("42")
    subject = call.subject or str(payload[call.signed])
    given = str(payload["sign"])
    if not is_signed(given, username=options.username, api_key=options.api_key, subject=subject):
        raise Refused("41")


def _check_types(payload: Mapping[str, object], required: Mapping[str, type], optional: Mapping[str, type]) -> None:
    if any(payload.get(name) is None or payload[name] == "" for name in required):
        raise Refused("40")
    for name, kind in {**required, **optional}.items():
        # A bool is an int to Python, and to nobody else.
        if name in payload and type(payload[name]) is not kind:
            raise Refused("40")


def text(payload: Mapping[str, object], name: str) -> str:
    return str(payload.get(name, ""))
