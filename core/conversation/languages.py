"""Languages of the counter, each by its own name, in the order in which a stranger is asked."""

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English", "sw": "Kiswahili"}
FIRST = "id"
# A country where it is spoken, for who cannot read its name.
FLAGS = {"id": "🇮🇩", "en": "🇬🇧", "sw": "🇹🇿"}
