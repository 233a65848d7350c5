"""An operator finds in docs/operations.md every figure, every alarm, every log event, every setting named as it is."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from adapters.settings import Settings
from console.metrics import Metrics
from core.domain.payment import PAYMENT
from core.services import alarms
from tests.services.test_alarms import TROUBLES
from tests.support.counters import bench
from tests.support.fakes import NOON
from tests.support.pages import anchors

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
ALARMS = (ROOT / "docs" / "alerts.yml").read_text("utf-8")
SOURCE = ("bot", "ussd", "console", "core", "adapters")
LEVELS = {"info", "warning", "error", "exception"}


async def test_every_figure_is_explained_and_no_other(tmp_path: Path):
    assert set(re.findall(r"^\| `(loket_\w+)`", PAGE, re.MULTILINE)) == await figures(tmp_path)


async def test_alarms_watch_figures_that_exist(tmp_path: Path):
    watched = set(re.findall(r"\bloket_\w+", ALARMS))

    assert {re.sub(r"_bucket$", "", name) for name in watched} <= await figures(tmp_path)


def test_alarms_watch_states_that_exist():
    assert set(re.findall(r'state="(\w+)"', ALARMS)) <= set(PAYMENT.states)


def test_every_alarm_says_what_to_do():
    alarms = re.findall(r"alert: (\w+)", ALARMS)
    parts = re.findall(r"runbook: docs/operations\.md#(\S+)", ALARMS)

    assert len(alarms) == len(set(alarms)) == len(parts)
    assert set(parts) <= anchors(PAGE)


def test_every_alarm_that_operators_hear_is_an_alert_with_the_same_page():
    alerts = dict(re.findall(r"alert: (\w+).*?runbook: docs/operations\.md#(\S+)", ALARMS, re.DOTALL))
    heard = {alarm.name: alarm.page for alarm in every_alarm()}

    assert set(heard.values()) <= anchors(PAGE)
    assert {name: page for name, page in heard.items() if alerts.get(name) != page} == {
        "LoketStoreLost": "the-store-is-lost"  # the process is gone before anybody asks for its figures
    }
    # What ended says nothing, what is slow does not notice, and the price list is not worth a message at night.
    assert alerts.keys() - heard.keys() == {"LoketDoesNotAnswer", "LoketTurnsAreSlow", "LoketPricesNotRead"}


def test_no_alarm_is_forgotten_here():
    named = set(re.findall(r'"(Loket\w+)"', inspect.getsource(alarms)))

    assert named == {alarm.name for alarm in every_alarm()}


def every_alarm() -> set[alarms.Alarm]:
    """Each alarm, raised by the sight that raises it."""
    return {one for sight in TROUBLES.values() for one in alarms.standing(sight, now=NOON, patience=alarms.Patience())}


def test_every_log_event_is_explained_and_no_other():
    page = PAGE[PAGE.index("## What the log says") : PAGE.index("## Secrets")]
    firsts = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)

    assert {name for cell in firsts for name in re.findall(r"\w+", cell)} == set(logged())


def test_settings_are_named_as_they_are():
    settings = {f"LOKET_{name.upper()}" for name in Settings.model_fields}

    assert set(re.findall(r"LOKET_[A-Z_]+", PAGE)) <= settings


async def figures(place: Path) -> set[str]:
    async with bench(place) as counter:
        page = (await Metrics().page(counter.counter)).decode()
    return set(re.findall(r"^# TYPE (\w+) ", page, re.MULTILINE))


def logged() -> Iterator[str]:
    """The event of every line that our code writes into the log."""
    for folder in SOURCE:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id="log"), attr=level),
                        args=[ast.Constant(value=str(event)), *_],
                    ) if level in LEVELS:
                        yield event
