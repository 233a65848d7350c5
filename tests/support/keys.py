"""The field keys that stores of the tests are sealed with."""

from __future__ import annotations

from collections.abc import Mapping

IN_SETTINGS = "1:a-field-key-of-the-tests-only"
FIELD_KEYS: Mapping[int, bytes] = {1: IN_SETTINGS.removeprefix("1:").encode()}
