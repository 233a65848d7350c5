"""What the provider says: replies as the documentation writes them, each wrapped in `data` when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.sandbox.response_codes import SUCCESS, ResponseCode, code
from adapters.sandbox.sales import Sale


@dataclass(frozen=True, slots=True)
class Answer:
    """The content of `data`, and the HTTP status it travels with."""

    data: object
    http_status: int = 200


class Refused(Exception):
    """Turned away before a transaction was made. `message` replaces the documented one."""

    def __init__(self, rc: str, message: str = "") -> None:
        super().__init__(rc)
        self.rc = rc
        self.message = message or code(rc).message


def prepaid_reply(sale: Sale, balance: int, *, shown: ResponseCode | None = None) -> dict[str, object]:
    """The reply to a purchase, and the body of its callbacks: …/api/buyer/topup."""
    seen = shown or code(sale.rc)
    return {
        "ref_id": sale.ref_id,
        "customer_no": sale.customer_no,
        "buyer_sku_code": sale.sku,
        "message": seen.message,
        "status": seen.state,
        "rc": seen.rc,
        "sn": sale.sn if seen.state == SUCCESS else "",
        "buyer_last_saldo": balance,
        "price": sale.price,
        "tele": "@contoh",
        "wa": "081234512345",
    }


def pasca_reply(sale: Sale, balance: int, *, shown: ResponseCode | None = None) -> dict[str, object]:
    """The reply to a bill's payment or to `status-pasca`: …/api/buyer/bayar-tagihan."""
    seen = shown or code(sale.rc)
    return {
        **bill_reply(sale.ref_id, sale.sku, sale.customer_no, sale.bill, balance),
        "message": seen.message,
        "status": seen.state,
        "rc": seen.rc,
        "sn": sale.sn if seen.state == SUCCESS else "",
    }


def bill_reply(ref_id: str, sku: str, customer_no: str, bill: Mapping[str, object], balance: int) -> dict[str, object]:
    """The reply to an inquiry that found a bill: …/api/buyer/cek-tagihan."""
    found = code("00")
    return {
        "ref_id": ref_id,
        "customer_no": customer_no,
        "buyer_sku_code": sku,
        "message": found.message,
        "status": found.state,
        "rc": found.rc,
        "buyer_last_saldo": balance,
        **bill,
    }


def failure(rc: str, asked: Mapping[str, object], message: str = "") -> dict[str, object]:
    """A reply that says no, with what was asked repeated as far as it was understood."""
    seen = code(rc)
    echo = {key: asked[key] for key in ("ref_id", "customer_no", "buyer_sku_code") if key in asked}
    said = {"message": message or seen.message, "status": seen.state, "rc": rc}
    return {**echo, **said, **({"sn": "", "price": 0} if echo.get("ref_id") else {})}
