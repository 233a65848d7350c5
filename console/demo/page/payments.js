// One payment as a card: what, for whom, and the states it went through.

import { element } from "./elements.js";
import { lasting, rupiah, timeOfDay } from "./wording.js";

const STATES = {
  quoted: "quoted",
  authorized: "on hold",
  submitted: "submitted",
  in_doubt: "in doubt",
  captured: "captured",
  voided: "voided",
  review: "review",
  late: "late",
};
// What a state means, for whoever meets it for the first time.
const MEANINGS = {
  quoted: "The price was shown, nothing is promised yet",
  authorized: "The PIN was right: the money is set aside",
  submitted: "The provider has been asked to sell",
  in_doubt: "Nobody knows yet whether it was sold: the hold stays, and we keep asking",
  captured: "Sold: the hold is spent",
  voided: "Not sold: the money is back in the wallet",
  review: "Two operators have to decide",
  late: "Sold after the money had gone back",
};

export function drawPayment(payment, names) {
  return element("li", { className: "card", "data-state": payment.state },
    element("div", { className: "first" },
      element("span", { className: "what", text: `${payment.what} ${payment.reference}` }),
      element("span", { className: "total", text: rupiah(payment.total_minor) })),
    trail(payment),
    element("div", { className: "last" },
      element("span", { text: `${names[payment.person] ?? "Somebody"}, ${timeOfDay(payment.at)}` }),
      element("span", { text: ending(payment) })));
}

function trail(payment) {
  const last = payment.trail.length - 1;
  return element("ol", { className: "trail", "aria-label": "States" }, ...payment.trail.map((state, place) =>
    element("li", { "aria-current": place === last ? "step" : undefined },
      element("span", {
        className: `chip ${state}${place === last ? " now" : ""}`,
        text: STATES[state] ?? state.replaceAll("_", " "),
        title: MEANINGS[state],
      }))));
}

function ending({ open, receipt, took_ms: tookMs }) {
  if (open) return "not over yet";
  return receipt ? `receipt ${receipt}, after ${lasting(tookMs)}` : `after ${lasting(tookMs)}`;
}
