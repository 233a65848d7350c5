"""The check digit of ISO/IEC 7812-1: it catches a single wrong digit, and nearly every two that were swapped."""


def holds(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return _sum(digits, doubled_from_last=1) % 10 == 0


def with_check(digits: str) -> str:
    """The digits with their check digit behind them."""
    return f"{digits}{-_sum(digits, doubled_from_last=0) % 10}"


def _sum(digits: str, *, doubled_from_last: int) -> int:
    """Every second digit counts double, and a doubled one of two digits counts as their sum."""
    values = [int(sign) * (2 if place % 2 == doubled_from_last else 1) for place, sign in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in values)
