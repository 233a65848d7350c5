"""Whether the providers' books and ours say the same, once nothing is on its way any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from adapters.database.store import DatabaseStore
from core.domain.evidence import Break
from core.domain.payment import HOLDING, Attempt, Payment, Proof


async def disagreements(
    store: DatabaseStore, kept: set[str], *, left_to_people: Mapping[str, Collection[str]]
) -> list[str]:
    """A sentence for each payment that is not at its end, and each key that is paid in one book only.

    `kept` are the keys for which a provider keeps money. `left_to_people` names kinds of breaks and the states in
    which a payment that has one may differ: an operator has been called, and more cannot be done without a statement.
    """
    async with store.snapshot() as snapshot:
        attempts = {one.key: one async for one in snapshot.every(Attempt)}
        payments = {one.payment_id: one async for one in snapshot.every(Payment)}
        called = {(one.payment_id, one.kind) async for one in snapshot.every(Break)}
    with_people = {
        one.payment_id
        for one in payments.values()
        if any(one.state in states and (one.payment_id, kind) in called for kind, states in left_to_people.items())
    }
    booked = {key for key, one in attempts.items() if one.outcome == Proof.PAID}
    return [
        *(f"{one.payment_id} is still {one.state}" for one in payments.values() if one.state in HOLDING),
        *(f"{key} was sold and nobody asked for it" for key in sorted(kept - attempts.keys())),
        *(
            f"{key} is paid in {'our' if key in booked else 'their'} book only"
            for key in sorted((booked ^ kept) & attempts.keys())
            if attempts[key].payment_id not in with_people
        ),
    ]
