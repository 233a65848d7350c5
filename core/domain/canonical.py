"""An entry of the journal as bytes, the same everywhere and for ever, and as the leaf of the tree.

Form 1. The *body* is JSON by RFC 8785, of strings and whole numbers only: keys sorted, no blanks, UTF-8, the fewest
escapes. It holds everything the entry holds; times are microseconds since 1970, UTC.

    {"at":…,"currency":"IDR","day":"2026-03-02","index":25,"key":"…","kind":"capture","memo":"…","payment_id":"…",
     "postings":[["held",5250000],…],"v":1}

The *leaf* has the body's digest only, and beside it what the entry says of a receipt, so that a receipt can be proven
without showing the body, which tells what we earn. Four lines, each ended by a line feed:

    loket-entry-v1
    25
    <SHA-256 of the body, hexadecimal>
    <the commitment to a receipt, hexadecimal; blank where there is none>
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json.encoder import encode_basestring

from core.domain.journal import Entry
from core.domain.merkle import leaf_hash

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# Index, key, kind, currency, time, day, payment id, memo: the columns of an entry, in their order.
Facts = tuple[int, str, str, str, int, str, str | None, str]

# In front of the commitment in the memo of an entry that captures.
RECEIPT = "receipt-v1 "

_quoted = encode_basestring  # escapes what JSON must escape, as RFC 8785 wants it


def body_of(entry: Entry) -> str:
    at, day = (entry.at - EPOCH) // MICROSECOND, entry.day.isoformat()
    facts = entry.index, entry.key, entry.kind, entry.currency, at, day, entry.payment_id, entry.memo
    return body(facts, [(leg.account, leg.minor) for leg in entry.postings])


def body(facts: Facts, legs: Sequence[tuple[str, int]]) -> str:
    """The same from the values as a store has them."""
    index, key, kind, currency, at, day, payment_id, memo = facts
    # In the order of their names, so that nothing has to be sorted; the encoder's own way takes three times as long.
    postings = ",".join([f"[{_quoted(account)},{minor}]" for account, minor in legs])
    payment = "null" if payment_id is None else _quoted(payment_id)
    return (
        f'{{"at":{at},"currency":{_quoted(currency)},"day":{_quoted(day)},"index":{index},"key":{_quoted(key)},'
        f'"kind":{_quoted(kind)},"memo":{_quoted(memo)},"payment_id":{payment},'
        f'"postings":[{postings}],"v":1}}'
    )


def digest_of(body: str) -> str:
    return sha256(body.encode()).hexdigest()


def leaf(index: int, body_digest: str, commitment: str) -> bytes:
    """The leaf's hash."""
    return leaf_hash(f"loket-entry-v1\n{index}\n{body_digest}\n{commitment}\n".encode())


def commitment_in(memo: str) -> str:
    """What a memo commits to, blank where it does not; other words may stand behind it."""
    return memo[len(RECEIPT) :].partition(" ")[0] if memo.startswith(RECEIPT) else ""


def leaf_of(entry: Entry) -> bytes:
    return leaf(entry.index, digest_of(body_of(entry)), commitment_in(entry.memo))


# ---- the code that is said over a telephone

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to mistake
BITS, FIGURES = 5, 7


def spoken_code(leaf: bytes) -> str:
    """`7K2Q 9XJF`: seven signs (35 bits) of the leaf's hash and one to check them by, in two groups."""
    number = int.from_bytes(leaf[:5]) >> 5
    figures = [number >> (BITS * place) & 31 for place in reversed(range(FIGURES))]
    signs = "".join(SIGNS[figure] for figure in (*figures, _check(figures)))
    return f"{signs[:4]} {signs[4:]}"


def heard_code(words: str) -> str | None:
    """A code as somebody wrote it down, in our way; None where it cannot be one: a sign is wrong, or two swapped."""
    plain = words.upper().translate(str.maketrans("OIL", "011", " -"))
    if len(plain) != FIGURES + 1 or not set(plain) <= set(SIGNS):
        return None
    *figures, last = (SIGNS.index(sign) for sign in plain)
    return f"{plain[:4]} {plain[4:]}" if _check(figures) == last else None


def _check(figures: Iterable[int]) -> int:
    """A sum in the field of 32 elements (x⁵ + x² + 1), each figure weighted by another power of x: any one wrong sign
    is found, and any two that were swapped."""
    total = 0
    for figure in figures:
        total = _times_x(total ^ figure)
    return total


def _times_x(figure: int) -> int:
    doubled = figure << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled
