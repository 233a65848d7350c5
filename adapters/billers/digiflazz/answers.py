"""What a reply proves about an attempt. A reply with anything odd about it proves nothing.

A reply is believed when its code has a row, its status is the row's, and it names our key, our code and the customer's
number. `price` is what leaves our deposit, for purchases and for bills alike; `selling_price` is what the customer
pays: developer.digiflazz.com/api/buyer/bayar-tagihan, borne out by the balances in its examples (the seller's pages
use the same two words the other way round).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from adapters.billers.digiflazz.bills import detail_of
from adapters.billers.digiflazz.codes import CODES, GAGAL, Row
from adapters.billers.digiflazz.serials import read_serial
from adapters.billers.digiflazz.wire import data_of, rupiah, words
from adapters.billers.outbound import Fate, Reply
from adapters.billers.strict_json import canonical
from core.domain.payment import Answer, Attempt, Proof

Data = Mapping[str, object]

MOST_EVIDENCE = 4096
# Not about this attempt, and different each time: with them, the same word said twice would be two words.
LEFT_OUT = frozenset({"buyer_last_saldo", "tele", "wa"})
MATTERS = ("ref_id", "buyer_sku_code", "customer_no", "status", "rc", "message", "sn", "price", "selling_price")


def read_answer(reply: Reply, attempt: Attempt, *, first: bool) -> Answer:
    """`first`: in answer to the first send of this attempt, else to a later question about it."""
    data = data_of(reply)
    if data is None:
        return _unheard(reply, first=first)
    body = evidence(data)
    row = CODES.get(_rc(data))
    if row is None:
        return Answer(Proof.NOTHING, "unmapped", body)
    if objection := _objection(data, row, reply.http_status, attempt):
        return Answer(Proof.NOTHING, objection, body)
    proof = row.first if first else row.asked
    if proof is Proof.PAID:
        return _paid(data, attempt, body)
    return Answer(proof, row.code, body, elsewhere=first and row.elsewhere)


def _unheard(reply: Reply, *, first: bool) -> Answer:
    """No answer, or none that could be read. Only what never left this machine is known not to have been bought."""
    unsent = first and reply.fate is Fate.NOT_SENT
    code = "no_data" if reply.fate is Fate.ANSWERED else reply.fate.value
    body = canonical({"fate": reply.fate.value, "http_status": reply.http_status, "begins": reply.begins})
    return Answer(Proof.NOT_CREATED if unsent else Proof.NOTHING, code, body, elsewhere=unsent)


def _objection(data: Data, row: Row, http_status: int, attempt: Attempt) -> str:
    """Why the reply is not believed; empty when it is."""
    if data.get("status") != row.status or (http_status >= 400 and row.status != GAGAL):
        return "contradiction"
    return "" if _echoes(data, attempt, may_be_missing=not row.created) else "echo_differs"


def _echoes(data: Data, attempt: Attempt, *, may_be_missing: bool) -> bool:
    """Whether the reply speaks of this attempt. Where nothing was created there may be nothing to repeat."""
    ours = {"ref_id": attempt.key, "buyer_sku_code": attempt.code, "customer_no": attempt.reference}
    return all(
        data.get(name) == value or (may_be_missing and data.get(name) in (None, "")) for name, value in ours.items()
    )


def _paid(data: Data, attempt: Attempt, body: str) -> Answer:
    cost = rupiah(data.get("price"))
    if not cost:
        return Answer(Proof.NOTHING, "no_price", body)
    if cost > attempt.most:
        return Answer(Proof.NOTHING, "cost_too_high", body)
    if attempt.kind != "prepaid" and not isinstance(data.get("sn"), str):
        # An inquiry's reply is a payment's without this field, and an inquiry has paid nothing.
        return Answer(Proof.NOTHING, "no_serial", body)
    serial = read_serial(words(data.get("sn"), longest=160))
    detail = serial.detail or detail_of(data)
    return Answer(Proof.PAID, _rc(data), body, cost=cost, serial=serial.number, token=serial.token, detail=detail)


def _rc(data: Data) -> str:
    rc = data.get("rc")
    return rc if isinstance(rc, str) else ""


def evidence(data: Data) -> str:
    """The reply to be kept: canonical, at most 4 KiB; of a longer one the fields that matter and a digest of all."""
    kept = {name: value for name, value in data.items() if name not in LEFT_OUT}
    try:
        whole = canonical(kept)
    except RecursionError:
        return _in_short(kept, digest="")
    return whole if len(whole) <= MOST_EVIDENCE else _in_short(kept, digest=hashlib.sha256(whole.encode()).hexdigest())


def _in_short(kept: Data, *, digest: str) -> str:
    said = {name: str(kept[name]) for name in MATTERS if isinstance(kept.get(name), str | int)}
    plain = {name: text.encode("ascii", errors="replace").decode()[:150] for name, text in said.items()}
    return canonical({**plain, "sha256_of_all": digest})
