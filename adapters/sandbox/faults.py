"""Everything that can go wrong with a provider, one named row each.

A row may spoil the request (it never `reaches` the till), the course of the transaction, the way the answer travels,
or the callbacks. Whatever a row does not name goes as it should.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from adapters.sandbox import deliveries
from adapters.sandbox.deliveries import Delivery, plainly
from adapters.sandbox.response_codes import code
from adapters.sandbox.sales import Course

WELL = Course()
SUCCEEDS_LATER = Course(("03", "00"))
FAILS_LATER = Course(("03", "02"))


@dataclass(frozen=True, slots=True)
class Fault:
    """`rc` refuses a request with that code. `callbacks` names a row of `webhooks.STYLES`."""

    name: str
    story: str
    reaches: bool = True
    rc: str = ""
    course: Course = WELL
    delivery: Delivery = plainly
    callbacks: str = "once"

    def only_course(self) -> Fault:
        """What is left of a fault when a request is repeated: a test number spoils the first one only."""
        return replace(self, reaches=True, rc="", delivery=plainly)

    @property
    def answers_inquiry_with(self) -> str:
        """The code with which an inquiry fails, empty when it finds its bill all the same."""
        only, *later = self.course.rcs
        return "" if later or code(only).keeps_money else only


def _codes(*rcs: str) -> Course:
    return Course(rcs)


NONE = Fault("none", "nothing goes wrong")

ROWS = (
    # ---- on the way there: nothing is sold
    Fault("no_answer_before", "never answers, and sold nothing", reaches=False, delivery=deliveries.never),
    Fault("error_before", "HTTP 500, and sold nothing", reaches=False, delivery=deliveries.server_error),
    Fault("reset_before", "drops the connection, and sold nothing", reaches=False, delivery=deliveries.reset),
    Fault("html", "a maintenance page with HTTP 200, and sold nothing", reaches=False, delivery=deliveries.html),
    Fault("not_unique", "says the ref_id is not unique (49), and sold nothing", rc="49"),
    Fault("refused_ip", "does not know our IP address (45)", rc="45"),
    Fault("limited", "asked too often (83)", rc="83"),
    # ---- on the way back: it is sold, the answer suffers
    Fault("slow", "answers late", delivery=deliveries.slowly),
    Fault("no_answer_after", "sold, then never answers", delivery=deliveries.never),
    Fault("error_after", "sold, then HTTP 500", delivery=deliveries.server_error),
    Fault("reset_after", "sold, then drops the connection", delivery=deliveries.reset),
    Fault("garbage", "sold, then bytes that mean nothing", delivery=deliveries.garbage),
    Fault("truncated", "sold, then JSON that stops in the middle", delivery=deliveries.truncated),
    Fault("half_a_body", "sold, then fewer bytes than announced", delivery=deliveries.half_a_body),
    Fault("html_after", "sold, then a maintenance page with HTTP 200", delivery=deliveries.html),
    Fault("huge", "sold, then an answer of many megabytes", delivery=deliveries.huge),
    Fault("wrong_amount", "sold, but the answer shows 1,000 more", delivery=deliveries.wrong_amount),
    Fault("tenfold_amount", "sold, but the answer shows ten times the price", delivery=deliveries.tenfold_amount),
    Fault("wrong_number", "sold, but the answer names another number", delivery=deliveries.wrong_number),
    Fault("wrong_ref", "sold, but the answer carries another ref_id", delivery=deliveries.wrong_ref),
    Fault("unmapped_rc", "sold, but the answer has a code nobody documented (98)", delivery=deliveries.unmapped_rc),
    Fault("not_unique_after", "sold, but says the ref_id is not unique (49)", delivery=deliveries.not_unique),
    # ---- what becomes of the transaction
    Fault("fails", "fails at once (02)", course=_codes("02")),
    Fault("times_out", "fails at once with the provider's own time-out (01)", course=_codes("01")),
    Fault("wrong_destination", "wrong number (54)", course=_codes("54")),
    Fault("disturbed", "the product is disturbed (55)", course=_codes("55")),
    Fault("cut_off", "the biller is in its cut-off (58)", course=_codes("58")),
    Fault("no_bill", "there is nothing to pay (60)", course=_codes("60")),
    Fault("kwh_limit", "more energy than the meter may take (73)", course=_codes("73")),
    Fault("pending_success", "pending, then success", course=SUCCEEDS_LATER),
    Fault("pending_failure", "pending, then failure", course=FAILS_LATER),
    Fault("router_issue", "pending by a router issue (99), then success", course=_codes("99", "00")),
    Fault("late_success", "failure first, success later", course=_codes("02", "00")),
    Fault("refunded_later", "success first, refunded later (74)", course=_codes("00", "74")),
    Fault("lagging_status", "sold, but for a while the status says it is not", course=Course(lags=True)),
    # ---- what is called back, of a transaction that is pending first
    Fault("callback_missing", "no callback ever comes", course=SUCCEEDS_LATER, callbacks="never"),
    Fault("callback_twice", "every callback comes twice", course=SUCCEEDS_LATER, callbacks="twice"),
    Fault("callback_disordered", "pending is called back after success", course=SUCCEEDS_LATER, callbacks="disordered"),
    Fault("callback_forged", "a badly signed success, then a true failure", course=FAILS_LATER, callbacks="forged"),
    Fault("callback_wrong_amount", "called back with 1,000 more", course=SUCCEEDS_LATER, callbacks="wrong_amount"),
    Fault("callback_contradicts", "called back as success, then failure", course=SUCCEEDS_LATER, callbacks="flips"),
)

FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in (NONE, *ROWS)}


class UnknownFault(ValueError):
    def __init__(self, name: object) -> None:
        super().__init__(f"There is no fault {name!r}. There are: {', '.join(sorted(FAULTS))}.")


def fault_named(name: object) -> Fault:
    """Raises `UnknownFault`, whose text lists the ones that exist."""
    if not isinstance(name, str) or name not in FAULTS:
        raise UnknownFault(name)
    return FAULTS[name]
