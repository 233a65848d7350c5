"""Operators at a counter, and what a test has them say."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.domain.approval import detail_of
from core.domain.operator import Operator
from core.services.approve import Decided
from core.services.employ import add_operator
from core.services.identify import identify
from core.services.review import reject, say
from tests.support.counters import Bench

ANI, BUDI, CICI = "ani", "budi", "cici"


def phrase(name: str) -> str:
    return f"correct horse {name[0]} 93"


@dataclass
class Panel:
    """`names` are the operators who were added, the first two as founders."""

    at: Bench
    names: list[str] = field(default_factory=list)

    async def add(self, *names: str) -> None:
        for name in names:
            by = await self.known(self.names[0]) if len(self.names) >= 2 else None
            await add_operator(self.at.counter, name, phrase(name), by=by)
            self.names.append(name)

    async def known(self, name: str) -> Operator:
        return await identify(self.at.counter, name, phrase(name))

    async def say(
        self, name: str, subject: str, verdict: str, *, reason: str = "it was looked into", **details: str
    ) -> Decided:
        detail = detail_of(**details)
        return await say(self.at.counter, subject, verdict, by=await self.known(name), reason=reason, detail=detail)

    async def both_say(self, subject: str, verdict: str, **details: str) -> Decided:
        """Ani proposes it and Budi decides."""
        assert not (await self.say(ANI, subject, verdict, **details)).done
        decided = await self.say(BUDI, subject, verdict, **details)
        assert decided.done
        return decided

    async def reject(self, name: str, subject: str, *, reason: str = "no") -> Decided:
        return await reject(self.at.counter, subject, by=await self.known(name), reason=reason)


async def panel(at: Bench) -> Panel:
    """Ani and Budi, who set the counter up."""
    operators = Panel(at)
    await operators.add(ANI, BUDI)
    return operators
