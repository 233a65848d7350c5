"""Which flow asks what, and which flow leads to which, as a mermaid flowchart.

Steps are read off the flows. Where a step leads is written in functions, so those are searched for the flows they name
in a `Go`, through the functions they call. The way home is left out: every flow ends at the main menu.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from types import CodeType, FunctionType

from core.conversation.steps import Flow, Go, Menu, Step, never

FLOWS_LIVE_IN = "core.conversation.flows"


def flow_map(flows: Mapping[str, Flow]) -> str:
    leads = {name: sorted(led_to(flow) & flows.keys()) for name, flow in flows.items()}
    begun = {target for targets in leads.values() for target in targets}
    return "\n".join(
        [
            "flowchart LR",
            "    dial((dial))",
            *(f'    {name}["<b>{name}</b><br/>{_asked(flow)}"]' for name, flow in flows.items()),
            *(f"    dial --> {name}" for name in flows if name not in begun),
            *(f"    {name} --> {target}" for name, targets in leads.items() for target in targets),
            "",
        ]
    )


def led_to(flow: Flow) -> set[str]:
    """Every word that a `Go` of this flow may name; those that are flows are where it leads."""
    seen: set[FunctionType] = set()
    return {word for step in flow.steps for function in _functions(step) for word in _named(function, seen)}


def _asked(flow: Flow) -> str:
    """The steps in their order; a question mark for one that may be skipped."""
    steps = (f"{type(step).__name__} {step.name}{'' if step.unless is never else '?'}" for step in flow.steps)
    return "<br/>".join(steps)


def _functions(step: Step) -> Iterator[FunctionType]:
    values = [getattr(step, field.name) for field in fields(step) if field.name != "kept"]
    if isinstance(step, Menu):
        values += [choice.leads for choice in step.choices.values()]
    return (value for value in values if isinstance(value, FunctionType))


def _named(function: FunctionType, seen: set[FunctionType]) -> Iterator[str]:
    if function in seen:
        return
    seen.add(function)
    for code in _codes(function.__code__):
        if Go.__name__ in code.co_names:
            yield from (constant for constant in code.co_consts if isinstance(constant, str))
        for name in code.co_names:
            called = function.__globals__.get(name)
            if isinstance(called, FunctionType) and called.__module__.startswith(FLOWS_LIVE_IN):
                yield from _named(called, seen)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code and that of the functions written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
