"""How the provider behaves: moods a visitor may put it in, each a fault of the sandbox that strikes every sale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from core.refusal import Fault

# Sales and looks at them that a mood lasts for; longer than anybody watches.
LASTS = 500


@dataclass(frozen=True, slots=True)
class Mood:
    key: str
    name: str
    story: str
    fault: str = ""


MOODS: Mapping[str, Mood] = {
    mood.key: mood
    for mood in (
        Mood("well", "Well", "Sells at once. The token is on the screen."),
        Mood("slow", "Slow", "Answers after six seconds: the phone cannot wait, so a message is promised.", "slow"),
        Mood(
            "pending",
            "Pending first",
            "Says “pending”, and sells some seconds later. Nobody is told a guess in between.",
            "pending_success",
        ),
        Mood(
            "silent",
            "Silent",
            "Sells, but the line drops before it can say so. The payment is in doubt and keeps its hold; "
            "put the provider well again and watch it find out.",
            "reset_after",
        ),
        Mood("fails", "Fails", "Refuses the sale. The hold is released, to the last rupiah.", "fails"),
    )
}
WELL = MOODS["well"]


class Provider:
    """The sandbox at an address, and the mood it was put in. Kept here, since the sandbox itself counts faults down."""

    def __init__(self, url: str, http: aiohttp.ClientSession, rates: Mapping[str, float]) -> None:
        self._url, self._http, self._rates = url, http, rates
        self.mood = WELL

    async def put(self, mood: Mood) -> None:
        """Every sale and every look at one meets this mood, until another. Raises `Fault`."""
        faults = [{"fault": mood.fault, "times": LASTS}] if mood.fault else []
        wanted = {"clear": True, "next": faults, "rates": self._rates}
        try:
            async with self._http.post(f"{self._url}/sandbox/faults", json=wanted) as reply:
                reply.raise_for_status()
        except aiohttp.ClientError as trouble:
            raise Fault("The sandbox provider does not answer.") from trouble
        self.mood = mood
