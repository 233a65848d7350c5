"""PINs as argon2id hashes over a peppered PIN, computed in a small pool beside the event loop.

The pepper lives outside the database: a PIN has so few values that a copied hash alone would fall in a minute. Its
version stands in front of each hash, so that peppers can be changed one customer at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice for argon2id: 19 MiB, two passes. About 19 ms of CPU, which is what a guess costs a thief too.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1


class PepperedVault:
    """`peppers` by version; the highest version is used for new hashes, the others still open old ones."""

    def __init__(self, peppers: Mapping[int, bytes], *, threads: int = 2, passes: int = PASSES) -> None:
        self._peppers = dict(peppers)
        self._newest = max(self._peppers)
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="pin")
        # Compared with when there is no hash, so that a wallet without a PIN takes as long as a wrong PIN.
        self._nobody = self._newest, self._hasher.hash(self._peppered("nobody", self._newest))

    async def hashed(self, secret: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hash, secret)

    async def matches(self, secret: str, hashed: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._matches, secret, hashed)

    def outdated(self, hashed: str) -> bool:
        made_by = self._opened(hashed)
        return made_by is not None and made_by[0] != self._newest

    def close(self) -> None:
        self._pool.shutdown()

    def _hash(self, secret: str) -> str:
        return f"{self._newest}${self._hasher.hash(self._peppered(secret, self._newest))}"

    def _matches(self, secret: str, hashed: str) -> bool:
        version, phc = self._opened(hashed) or self._nobody
        try:
            self._hasher.verify(phc, self._peppered(secret, version))
        except (VerificationError, InvalidHashError):
            return False
        return (version, phc) != self._nobody

    def _opened(self, hashed: str) -> tuple[int, str] | None:
        """The pepper's version and the hash behind it; None for what none of our peppers has made."""
        version, _, phc = hashed.partition("$")
        known = {str(number): number for number in self._peppers}
        return (known[version], phc) if version in known else None

    def _peppered(self, secret: str, version: int) -> bytes:
        return hmac.new(self._peppers[version], secret.encode(), hashlib.sha256).digest()
