"""Telegram, as a transport: what arrives becomes a `Said`, a view becomes a screen in the chat. No dialogue in here."""

import os

# The library asks for this, so that waits come as time spans; it is read when the library is loaded.
os.environ.setdefault("PTB_TIMEDELTA", "1")

CHANNEL = "telegram"
