"""How the bot presents itself: commands, descriptions, names and the menu button."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Profile:
    """Words by language, '' being everybody else's; commands by scope and language; menu buttons by chat, 0 for all."""

    words: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)

    def said(self, what: str, language: str) -> str:
        return self.words.get((what, language)) or self.words.get((what, ""), "")
