"""What a commit promises: whole or not at all, in the order of asking, and nobody pays for a neighbour's mistake."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from adapters.database.store import DatabaseStore, open_store
from core.domain.evidence import Evidence
from core.domain.journal import Entry, Posting, Unbalanced
from core.domain.msisdn import Msisdn
from core.domain.wallet import NotEnoughMoney, Wallet
from core.ports import AlreadyPosted, Book, Change, Contact, Overtaken, StoreDown
from tests.adapters.database.changes import DAY, NOW, Do, Transfer, a_payment, a_wallet, put, transferred


async def together(store: DatabaseStore, *changes: Change[object]) -> Sequence[object]:
    """Asked in the same moment, so decided in one batch."""
    return await asyncio.gather(*(store.commit(change) for change in changes), return_exceptions=True)


async def wallet(store: DatabaseStore, wallet_id: str = "w1") -> Wallet:
    found = await store.read(Wallet, wallet_id)
    assert found is not None
    return found


async def journal(store: DatabaseStore) -> list[Entry]:
    return [entry async for entry in store.journal()]


async def test_a_record_is_read_as_it_was_written(store: DatabaseStore):
    opened = replace(a_wallet(rupiah=5_000), pin_reset_at=NOW)

    written = await store.commit(put(opened))

    assert written == replace(opened, version=1)
    assert await store.read(Wallet, "w1") == written


async def test_a_record_that_is_not_there_is_none(store: DatabaseStore):
    assert await store.read(Wallet, "nobody") is None


async def test_what_was_committed_is_there_when_the_store_is_opened_again(url: str):
    async with open_store(url, owner=True) as store:
        written = await store.commit(put(a_wallet()))

    async with open_store(url, owner=True) as store:
        assert await store.read(Wallet, "w1") == written


async def test_a_change_sees_what_an_earlier_one_of_its_batch_wrote(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2"), a_wallet("w3")))

    outcomes = await together(store, Transfer("w1", "w2", 100), Transfer("w2", "w3", 100))

    assert [outcome.index for outcome in outcomes if isinstance(outcome, Entry)] == [1, 2]
    assert await store.read(Wallet, "w3") == replace(a_wallet("w3", 100), version=2)


async def test_a_refusal_forgets_its_own_writes_and_reaches_its_asker_alone(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

    outcomes = await together(store, Transfer("w1", "w2", 60), Transfer("w1", "w2", 60), Transfer("w2", "w1", 10))

    assert isinstance(outcomes[1], NotEnoughMoney)
    assert [entry.index for entry in await journal(store)] == [1, 2]
    assert await store.read(Wallet, "w1") == replace(a_wallet("w1", 50), version=3)


async def test_a_bug_reaches_its_asker_alone(store: DatabaseStore):
    def buggy(book: Book) -> None:
        book.put(a_wallet("w9"))
        raise ZeroDivisionError

    outcomes = await together(store, put(a_wallet("w1")), Do(buggy), put(a_wallet("w2")))

    assert isinstance(outcomes[1], ZeroDivisionError)
    assert await store.read(Wallet, "w9") is None
    assert await store.read(Wallet, "w1") is not None
    assert await store.read(Wallet, "w2") is not None


async def test_an_outdated_record_reaches_its_asker_alone(store: DatabaseStore):
    first = await store.commit(put(a_wallet("w1")))
    await store.commit(put(replace(first, language="en")))

    outcomes = await together(store, put(a_wallet("w2")), put(replace(first, language="sw")), put(a_wallet("w3")))

    assert isinstance(outcomes[1], Overtaken)
    assert (await wallet(store)).language == "en"
    assert await store.read(Wallet, "w2") is not None
    assert await store.read(Wallet, "w3") is not None


async def test_of_two_who_write_over_the_same_version_the_first_wins(store: DatabaseStore):
    first = await store.commit(put(a_wallet("w1")))

    outcomes = await together(store, put(replace(first, language="en")), put(replace(first, language="sw")))

    assert isinstance(outcomes[1], Overtaken)
    assert (await wallet(store)).language == "en"


async def test_of_two_who_make_the_same_record_the_first_wins(store: DatabaseStore):
    outcomes = await together(store, put(a_wallet("w1", 1)), put(a_wallet("w1", 2)))

    assert isinstance(outcomes[1], Overtaken)
    assert await store.read(Wallet, "w1") == replace(a_wallet("w1", 1), version=1)


async def test_a_record_may_be_written_several_times_in_one_change(store: DatabaseStore):
    def thrice(book: Book) -> Wallet:
        first = book.put(a_wallet())
        second = book.put(replace(first, language="en"))
        return book.put(replace(second, language="sw"))

    written = await store.commit(Do(thrice))

    assert written == replace(a_wallet(), language="sw", version=3)
    assert await store.read(Wallet, "w1") == written


async def test_a_negative_wallet_is_refused_by_the_database_itself(store: DatabaseStore):
    outcomes = await together(store, put(a_wallet("w1")), put(a_wallet("w2", -1)), put(a_wallet("w3")))

    assert "ck_wallets_available_minor" in str(outcomes[1])
    assert await store.read(Wallet, "w2") is None
    assert await store.read(Wallet, "w3") is not None


def odd(**values: Any) -> Wallet:
    return replace(a_wallet("w2"), **values)


UNWRITABLE: dict[str, object] = {
    "an unaware moment": odd(opened_at=NOW.replace(tzinfo=None)),
    "half a character": odd(msisdn=Msisdn("\ud800")),
    "more than 64 bits": odd(available_minor=2**63),
    "no such state": odd(state="rich"),
    "no number": odd(available_minor="plenty"),
    "nothing": odd(language=None),
    "no value": odd(language=object()),
    "nobody's contact": Contact("ussd", "+6281234567890", "nobody", NOW),
    "no record": object(),
}


@pytest.mark.parametrize("unwritable", UNWRITABLE.values(), ids=UNWRITABLE)
async def test_what_no_column_takes_reaches_its_asker_alone(store: DatabaseStore, unwritable: object):
    outcomes = await together(store, put(a_wallet("w1")), put(unwritable), put(a_wallet("w3")))

    assert isinstance(outcomes[1], Exception)
    assert await store.read(Wallet, "w1") is not None
    assert await store.read(Wallet, "w2") is None
    assert await store.read(Wallet, "w3") is not None


async def test_text_is_kept_to_the_letter(store: DatabaseStore):
    words = "a b 'quoted' \"doubly\" 𝕊 ٢٥ \r\n %s ? :name"
    await store.commit(put(replace(a_wallet(), language=words)))

    assert (await wallet(store)).language == words


async def test_a_nul_is_kept_or_its_picture(store: DatabaseStore):
    """Whoever sends one stops nothing by it, though PostgreSQL has no place for it."""
    await store.commit(put(replace(a_wallet(), language="a\0b")))

    assert (await wallet(store)).language in ("a\0b", "a␀b")


async def test_an_entry_is_answered_with_its_index_and_found_by_its_key(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
    posted = await store.commit(Transfer("w1", "w2", 100, key="once"))

    found = await store.commit(Do(lambda book: book.posted("once")))

    assert posted == replace(transferred("w1", "w2", 100, "once"), index=1)
    assert found == posted
    assert await journal(store) == [posted]


async def test_an_entry_happens_once(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
    await store.commit(Transfer("w1", "w2", 10, key="once"))

    outcomes = await together(
        store, Transfer("w1", "w2", 20), Transfer("w1", "w2", 10, key="once"), Transfer("w1", "w2", 30)
    )

    assert isinstance(outcomes[1], AlreadyPosted)
    assert [entry.postings[0].minor for entry in await journal(store)] == [1_000, 2_000, 3_000]
    assert await store.read(Wallet, "w1") == replace(a_wallet("w1", 40), version=4)


async def test_who_posts_again_hears_that_and_nothing_else(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
    await store.commit(Transfer("w1", "w2", 60, key="once"))

    with pytest.raises(AlreadyPosted):
        await store.commit(Transfer("w1", "w2", 60, key="once"))


async def test_an_entry_happens_once_within_a_batch(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

    outcomes = await together(store, *[Transfer("w1", "w2", 10, key="once")] * 3)

    assert [type(outcome) for outcome in outcomes] == [Entry, AlreadyPosted, AlreadyPosted]
    assert await store.read(Wallet, "w1") == replace(a_wallet("w1", 90), version=2)


async def test_a_change_may_go_on_after_it_learns_that_an_entry_was_posted(store: DatabaseStore):
    def once_more(book: Book) -> str:
        try:
            book.post(transferred("w1", "w2", 10, "once"))
        except AlreadyPosted:
            return "posted before"
        return "posted"

    assert [await store.commit(Do(once_more)) for _ in range(2)] == ["posted", "posted before"]


async def test_an_entry_that_does_not_sum_to_zero_is_never_written(store: DatabaseStore):
    crooked = replace(
        transferred("w1", "w2", 1, "crooked"), postings=(Posting("wallet:w1", 1), Posting("wallet:w2", -2))
    )

    outcomes = await together(store, put(a_wallet("w1")), Do(lambda book: book.post(crooked)))

    assert isinstance(outcomes[1], Unbalanced)
    assert await journal(store) == []
    assert await store.read(Wallet, "w1") is not None


async def test_evidence_is_added_and_found_again(store: DatabaseStore):
    await store.commit(put(a_wallet(), a_payment()))
    word = Evidence("p1", 1, "d1", "reply", "paid", "00", "{}", NOW)

    await store.commit(Do(lambda book: book.add(word)))

    assert await store.read(Evidence, "p1", 1, "d1") == word
    assert await store.commit(Do(lambda book: book.get(Evidence, "p1", 1, "d1"))) == word


async def test_the_same_evidence_is_not_added_twice(store: DatabaseStore):
    await store.commit(put(a_wallet(), a_payment()))
    word = Evidence("p1", 1, "d1", "reply", "paid", "00", "{}", NOW)
    await store.commit(Do(lambda book: book.add(word)))

    with pytest.raises(Overtaken):
        await store.commit(Do(lambda book: book.add(replace(word, body="something else"))))

    assert await store.read(Evidence, "p1", 1, "d1") == word


async def test_a_change_is_settled_even_when_its_asker_goes_away(store: DatabaseStore):
    asking = asyncio.create_task(store.commit(put(a_wallet("w1"))))
    await asyncio.sleep(0)
    asking.cancel()

    await store.commit(put(a_wallet("w2")))

    assert await store.read(Wallet, "w1") is not None


async def test_all_that_was_asked_is_settled_before_the_store_closes(url: str):
    async with open_store(url, owner=True) as store:
        asked = [asyncio.create_task(store.commit(put(a_wallet(f"w{n}")))) for n in range(300)]
        await asyncio.sleep(0)

    assert len(await asyncio.gather(*asked)) == 300


async def test_a_closed_store_takes_nothing_more(url: str):
    async with open_store(url, owner=True) as store:
        pass

    with pytest.raises(StoreDown, match="the store is closed"):
        await store.commit(put(a_wallet()))


async def test_many_more_than_a_batch_are_settled_in_the_order_of_asking(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 1_000), a_wallet("w2")))

    entries = await together(store, *[Transfer("w1", "w2", 1) for _ in range(500)])

    assert [entry.index for entry in entries if isinstance(entry, Entry)] == list(range(1, 501))


async def test_inline_a_store_does_the_same_without_a_thread(url: str):
    async with open_store(url, owner=True, inline=True) as store:
        await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
        outcomes = await together(store, Transfer("w1", "w2", 60), Transfer("w1", "w2", 60), Transfer("w2", "w1", 10))

        assert isinstance(outcomes[1], NotEnoughMoney)
        assert [entry.index for entry in await journal(store)] == [1, 2]
        assert (await journal(store))[0].day == DAY
