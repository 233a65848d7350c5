"""Settings: read once, at the start, from the environment or `.env`, and refused there if anything is wrong."""

from adapters.settings.settings import ENV_FILE, PREFIX, Settings, SettingsError, load, origins, secrets_of

__all__ = ["ENV_FILE", "PREFIX", "Settings", "SettingsError", "load", "origins", "secrets_of"]
