"""A counter with a bot behind the double of Telegram, and Siti, who has a wallet in her chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.chats import ChatHouse, Someone, a_chat_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ChatHouse]:
    async with a_chat_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def siti(house: ChatHouse) -> Someone:
    return await house.customer()
