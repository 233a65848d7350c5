"""How the talk goes: flows declared as steps, one engine for all of them, the same on every channel."""
