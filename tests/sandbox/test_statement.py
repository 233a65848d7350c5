"""The sandbox's statement: what it sold and what moved its buyer's deposit, as the counter reads it."""

from __future__ import annotations

from adapters.statements.csv_columns import layouts
from adapters.statements.provider_csv import read_provider_csv
from core.domain.statement import StatementFile
from tests.sandbox.buyer import Buyer

AIRTIME = {"sku": "xld10"}


async def downloaded(buyer: Buyer, query: str = "") -> StatementFile:
    async with buyer.session.get(f"{buyer.url}/sandbox/statement{query}") as response:
        assert response.content_type == "text/csv"
        raw = await response.read()
    return read_provider_csv(raw, layouts()["digiflazz"])


async def test_what_was_sold_what_failed_and_what_came_in_is_in_it(buyer: Buyer):
    await buyer.buy("a-1")
    await buyer.buy("a-2", "087800001232", **AIRTIME)
    await buyer.buy("a-3", "087800001234", **AIRTIME)
    buyer.wall.forward(minutes=30)

    file = await downloaded(buyer)

    said = [(line.says.value, line.key) for line in file.lines]
    assert said[0] == ("funded", "")
    assert ("paid", "a-1") in said
    assert ("failed", "a-2") in said
    assert ("given_back", "a-3") in said
    assert all(line.token for line in file.lines if line.key == "a-1")
    ledger = await buyer.get("/sandbox/ledger")
    assert (file.whole, file.opening_minor, file.closing_minor) == (True, 0, ledger["deposit"] * 100)
    assert file.closing_minor == -file.took_minor


async def test_a_day_is_that_of_jakarta_and_opens_as_the_one_before_closed(buyer: Buyer):
    await buyer.buy("a-1")
    buyer.wall.forward(hours=14)  # midnight there
    await buyer.buy("a-2")

    first, second = await downloaded(buyer, "?from=2026-11-20"), await downloaded(buyer, "?from=2026-11-21")

    assert [line.key for line in first.lines] == ["", "a-1"]
    assert [line.key for line in second.lines] == ["a-2"]
    assert second.opening_minor == first.closing_minor


async def test_a_date_that_is_none_is_refused(buyer: Buyer):
    async with buyer.session.get(f"{buyer.url}/sandbox/statement?from=yesterday") as response:
        assert response.status == 400
