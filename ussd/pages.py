"""Pages that fit a phone: at most 160 septets, or 70 units where the GSM alphabet does not do, and five options.

What does not fit goes on over the next page. Lines stay whole where they can, options always, and the two options of
a yes or no stay together. Brief texts stand in where they save a page.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import count, islice

from core.conversation.view import BACK, MORE, Option, Page, View
from core.domain.gsm7 import SEPTETS, fits_page, folded
from core.ports import Words
from core.text import Text, _

OPTIONS_A_PAGE = 5
FIXED_OPTIONS = 8  # the other keys lead on and back

Say = Callable[[Text], str]
Lines = list[str]


class UssdChannel:
    """Numbers the options, names the keys that lead on and back, and counts as phones count."""

    name = "ussd"
    knows_number = True
    proves_caller = True
    takes_cards = False

    def __init__(self) -> None:
        self._fitted: dict[tuple[int, int, str], tuple[View, Page]] = {}

    def fit(self, view: View, page: int, *, language: str, words: Words) -> Page:
        """Page `page` (from 0; the last one when there are fewer) of a view, in a language."""
        if not view.lasting:
            return _fit(view, page, language, words)
        key = (id(view), page, language)
        known = self._fitted.get(key)
        if known is None or known[0] is not view:
            known = self._fitted[key] = view, _fit(view, page, language, words)
        return known[1]


def _fit(view: View, page: int, language: str, words: Words) -> Page:
    *_before, fitted = islice(pages(view, lambda text: folded(words.say(text, language))), page + 1)
    return fitted


def pages(view: View, say: Say) -> Iterator[Page]:
    """All pages of a view; `say` answers folded words. Only the last page of a final view ends the session."""
    way_back, way_on = f"{BACK} {say(_('Back'))}", f"{MORE} {say(_('More'))}"
    options = _Options(view, say, widest_foot=[way_on, way_back])
    body, first, after_last = _body(view, say), 0, len(view.options)
    for number in count():
        back = [way_back] if number or (view.back and not view.final) else []
        end = [] if view.final else back
        rest = options.under(body, first, after_last, end)
        if rest is not None:
            yield Page("\n".join(rest + end) or "-", options.keys(first, after_last), final=view.final)
            return
        onward = [way_on, *back]
        shown, body = _lines_that_fit(body, onward)
        shown, until = (shown, first) if body else options.as_many_as_fit(shown, first, onward)
        yield Page("\n".join(shown + onward), options.keys(first, until), more=True)
        first = until


class _Options:
    """The options of a view as numbered lines: by their place in the whole list with `fixed`, else on the page."""

    def __init__(self, view: View, say: Say, *, widest_foot: Lines) -> None:
        assert not view.fixed or len(view.options) <= FIXED_OPTIONS, "more fixed options than keys"
        self._options, self._fixed, self._say, self._widest_foot = view.options, view.fixed, say, widest_foot
        self._wordings: dict[tuple[int, bool], str] = {}

    def under(self, lines: Lines, first: int, until: int, foot: Lines) -> Lines | None:
        """The lines and these options under them, all in full or all in brief; None when no page holds that."""
        if until - first > OPTIONS_A_PAGE:
            return None
        for brief in (False, True):
            shown = lines + [self._line(index, first, brief) for index in range(first, until)]
            if _fits(shown + foot):
                return shown
        return None

    def as_many_as_fit(self, lines: Lines, first: int, foot: Lines) -> tuple[Lines, int]:
        """The lines with the next options under them, and which option comes then. Alone on a page, one always fits."""
        left = len(self._options) - first
        most = 0 if lines and left <= 2 else min(left, OPTIONS_A_PAGE)
        for until in range(first + most, first, -1):
            shown = self.under(lines, first, until, foot)
            if shown is not None:
                return shown, until
        return lines, first

    def keys(self, first: int, until: int) -> dict[str, str]:
        """What may be typed on a page. Fixed numbers mean the same on every page, so they may be typed on any."""
        if self._fixed:
            return {str(place): option.key for place, option in enumerate(self._options, 1)}
        return {str(place): option.key for place, option in enumerate(self._options[first:until], 1)}

    def _line(self, index: int, first: int, brief: bool) -> str:
        place = index + 1 if self._fixed else index - first + 1
        wording = self._wordings.get((index, brief))
        if wording is None:
            wording = self._wordings[index, brief] = self._wording(self._options[index], brief)
        return f"{place} {wording}".rstrip()

    def _wording(self, option: Option, brief: bool) -> str:
        """One line that has room on a page of its own."""
        text = option.brief if brief and option.brief else option.text
        wording = " ".join(self._say(text).split())
        if len(wording) <= 20 or self._has_room(wording):
            return wording
        if option.brief and not brief:
            return self._wording(option, brief=True)
        return _longest(wording, lambda start: self._has_room(start + "...")) + "..."

    def _has_room(self, wording: str) -> bool:
        return _fits([f"0 {wording}", *self._widest_foot])


def _body(view: View, say: Say) -> Lines:
    texts = view.body if view.note is None else (view.note, *view.body)
    return [line for text in texts for raw in say(text).split("\n") if (line := raw.strip())]


def _lines_that_fit(body: Lines, foot: Lines) -> tuple[Lines, Lines]:
    """As many whole lines as a page holds, and the rest. A line longer than a page is torn, if possible at a space."""
    taken = 0
    while taken < len(body) and _fits(body[: taken + 1] + foot):
        taken += 1
    if taken or not body:
        return body[:taken], body[taken:]
    start = _longest(body[0], lambda start: _fits([start, *foot]))
    rest = body[0][len(start) :].lstrip()
    return [start.rstrip()], [rest, *body[1:]]


def _longest(line: str, fits: Callable[[str], bool]) -> str:
    """The longest start of a line that fits: up to a space, or at least not between a letter and its marks."""
    room = bisect_left(range(1, min(len(line), SEPTETS.page) + 1), True, key=lambda length: not fits(line[:length]))
    space = line.rfind(" ", 0, room + 1)
    if space > 0:
        return line[:space]
    whole = room
    while whole > 1 and unicodedata.category(line[whole]).startswith("M"):
        whole -= 1
    return line[: whole if whole > 1 else room]


def _fits(lines: Lines) -> bool:
    return fits_page("\n".join(lines))
