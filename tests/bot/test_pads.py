"""What was pressed on a pad so far is remembered for one screen, for a while, and shown by nothing."""

from __future__ import annotations

from bot.pads import FORGOTTEN_AFTER_S, MOST, Pads, dots


def press(pads: Pads, digits: str, *, address: str = "1001", screen: int = 7, now_s: float = 0) -> None:
    for digit in digits:
        pads.press(address, screen, digit, now_s)


def test_digits_come_together_and_are_taken_once():
    pads = Pads()
    press(pads, "7391")

    assert pads.take("1001", 7, 1) == "7391"
    assert pads.take("1001", 7, 1) == ""


def test_the_last_one_can_be_taken_back():
    pads = Pads()
    press(pads, "7392")
    pads.press("1001", 7, "", 0)
    press(pads, "1")

    assert pads.take("1001", 7, 1) == "7391"


def test_taking_back_from_nothing_is_nothing():
    pads = Pads()

    assert pads.press("1001", 7, "", 0).digits == ""


def test_no_more_than_a_pin_has():
    pads = Pads()
    press(pads, "123456789")

    assert pads.take("1001", 7, 1) == "123456"


def test_a_new_screen_has_a_new_pad():
    pads = Pads()
    press(pads, "73")
    press(pads, "91", screen=8)

    assert pads.take("1001", 8, 1) == "91"


def test_each_chat_has_its_own():
    pads = Pads()
    press(pads, "73")
    press(pads, "91", address="1002")

    assert (pads.take("1001", 7, 1), pads.take("1002", 7, 1)) == ("73", "91")


def test_what_nobody_touched_for_long_is_forgotten():
    pads = Pads()
    press(pads, "73")
    press(pads, "9", now_s=FORGOTTEN_AFTER_S)

    assert pads.take("1001", 7, 2 * FORGOTTEN_AFTER_S) == "739"

    press(pads, "73")
    assert pads.take("1001", 7, FORGOTTEN_AFTER_S + 1) == ""


def test_those_that_were_quiet_longest_make_room():
    pads = Pads()
    for who in range(MOST + 1):
        press(pads, "7", address=str(who))

    assert pads.take("0", 7, 1) == ""
    assert pads.take(str(MOST), 7, 1) == "7"


def test_nothing_that_is_printed_shows_a_digit():
    pads = Pads()
    press(pads, "739182")

    assert "739182" not in repr(pads.press("1001", 7, "", 0))


def test_dots_say_how_many_there_are_and_that_four_are_needed():
    assert [dots(count) for count in (0, 1, 4, 6)] == ["○ ○ ○ ○", "● ○ ○ ○", "● ● ● ●", "● ● ● ● ● ●"]
