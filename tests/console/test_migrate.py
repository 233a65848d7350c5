"""From the file to a server: a store is carried over by one command, and served by a role that rewrites nothing."""

from __future__ import annotations

from pathlib import Path

from tests.support.operators import objects, run
from tests.support.postgres import common_server, empty_store


def test_a_store_is_carried_to_a_server_and_goes_on_there(store: Path):
    there = empty_store()

    moved = run(store, "migrate", there)

    assert moved.exit_code == 0, moved.output
    assert "the same on both sides" in moved.stdout
    assert run(store, "check", DATABASE_URL=there).exit_code == 0
    payments = run(store, "payment", "list", "--json", DATABASE_URL=there)
    assert payments.stdout.count("\n") == len(objects(store, "payment", "list"))
    again = run(store, "migrate", there)
    assert again.exit_code != 0
    assert "There is a store in the database already" in again.output


def test_a_role_is_let_serve_and_an_unknown_one_is_not():
    there = empty_store()
    common_server().ask("CREATE ROLE loket_desk LOGIN")
    try:
        assert run(Path("/nowhere"), "grant", "loket_desk", DATABASE_URL=there).stdout == "loket_desk may serve.\n"
    finally:
        common_server().ask("DROP OWNED BY loket_desk; DROP ROLE loket_desk", there)

    refused = run(Path("/nowhere"), "grant", "nobody_knows", DATABASE_URL=there)
    assert refused.exit_code != 0
    assert 'role "nobody_knows" does not exist' in refused.output


def test_a_file_is_no_server(store: Path):
    for words in (("migrate", "sqlite:///other.db"), ("grant", "loket_app")):
        refused = run(store, *words)
        assert refused.exit_code != 0
        assert "That is no database of a server" in refused.output
