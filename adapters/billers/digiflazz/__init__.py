"""The provider Digiflazz, as a buyer sees it."""

from adapters.billers.digiflazz.gateway import Digiflazz
from adapters.billers.digiflazz.webhook import Callback, read_callback
from adapters.billers.digiflazz.wire import DigiflazzSettings

__all__ = ["Callback", "Digiflazz", "DigiflazzSettings", "read_callback"]
