"""What was pressed on a pad so far is remembered for one screen, for a while, and shown by nothing."""

from __future__ import annotations

import itertools

from bot.pads import FORGOTTEN_AFTER_S, MOST, Pads, dots

numbers = itertools.count(100)


def press(pads: Pads, digits: str, *, address: str = "1001", screen: int = 7, now_s: float = 0) -> None:
    for digit in digits:
        pads.press(address, screen, digit, next(numbers), now_s)


def take(pads: Pads, address: str = "1001", screen: int = 7, now_s: float = 1) -> str:
    return pads.take(address, screen, next(numbers), now_s)


def test_digits_come_together_and_are_taken_once():
    pads = Pads()
    press(pads, "7391")

    assert take(pads, "1001", 7, 1) == "7391"
    assert take(pads, "1001", 7, 1) == ""


def test_a_press_that_is_handled_again_is_one_press():
    pads = Pads()
    for number, digit in enumerate("7391", 1):
        pads.press("1001", 7, digit, number, 0)
        pads.press("1001", 7, digit, number, 0)

    assert pads.take("1001", 7, 5, 1) == pads.take("1001", 7, 5, 1) == "7391"


def test_what_was_entered_begins_anew_with_the_next_press():
    pads = Pads()
    press(pads, "7391")
    assert take(pads) == "7391"

    press(pads, "82")

    assert take(pads) == "82"
    pads.forget("1001")
    assert take(pads) == ""


def test_the_last_one_can_be_taken_back():
    pads = Pads()
    press(pads, "7392")
    pads.press("1001", 7, "", next(numbers), 0)
    press(pads, "1")

    assert take(pads, "1001", 7, 1) == "7391"


def test_taking_back_from_nothing_is_nothing():
    pads = Pads()

    assert pads.press("1001", 7, "", next(numbers), 0).digits == ""


def test_no_more_than_a_pin_has():
    pads = Pads()
    press(pads, "123456789")

    assert take(pads, "1001", 7, 1) == "123456"


def test_a_new_screen_has_a_new_pad():
    pads = Pads()
    press(pads, "73")
    press(pads, "91", screen=8)

    assert take(pads, "1001", 8, 1) == "91"


def test_each_chat_has_its_own():
    pads = Pads()
    press(pads, "73")
    press(pads, "91", address="1002")

    assert (take(pads, "1001", 7, 1), take(pads, "1002", 7, 1)) == ("73", "91")


def test_what_nobody_touched_for_long_is_forgotten():
    pads = Pads()
    press(pads, "73")
    press(pads, "9", now_s=FORGOTTEN_AFTER_S)

    assert take(pads, "1001", 7, 2 * FORGOTTEN_AFTER_S) == "739"

    press(pads, "73")
    assert take(pads, "1001", 7, FORGOTTEN_AFTER_S + 1) == ""


def test_those_that_were_quiet_longest_make_room():
    pads = Pads()
    for who in range(MOST + 1):
        press(pads, "7", address=str(who))

    assert take(pads, "0", 7, 1) == ""
    assert take(pads, str(MOST)) == "7"


def test_nothing_that_is_printed_shows_a_digit():
    pads = Pads()
    press(pads, "739182")

    assert "739182" not in repr(pads.press("1001", 7, "", next(numbers), 0))


def test_dots_say_how_many_there_are_and_that_four_are_needed():
    assert [dots(count) for count in (0, 1, 4, 6)] == ["○ ○ ○ ○", "● ○ ○ ○", "● ● ● ●", "● ● ● ● ● ●"]
