// What is paid inside the chat: the invoice, the sheet with a made-up card, and the line that says it was paid.

import { element } from "./elements.js";
import { rupiah } from "./wording.js";

export function invoiceCard({ title, description, total_amount: total }, paid) {
  return element("div", { className: "invoice" },
    element("b", { text: title, dir: "auto" }),
    element("span", { text: description, dir: "auto" }),
    element("span", { className: "total", text: paid ? `${rupiah(total)}, paid ✓` : rupiah(total) }));
}

export function paidCard({ total_amount: total }) {
  return element("span", { className: "paid", text: `You paid ${rupiah(total)}` });
}

export class Sheet {
  constructor(place, behind) {
    Object.assign(this, { place, behind });
    place.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  open({ title, total_amount: total }, pay) {
    this.before = document.activeElement;
    const go = element("button", { type: "button", className: "action", text: `Pay ${rupiah(total)}` });
    const leave = element("button", { type: "button", className: "leave", text: "Cancel" });
    go.addEventListener("click", () => { this.close(); pay(); });
    leave.addEventListener("click", () => this.close());
    this.place.replaceChildren(
      element("p", { className: "sheet-title", id: "sheet-title", text: title, dir: "auto" }),
      element("p", { className: "sheet-total", text: rupiah(total) }),
      element("p", { className: "card-line" }, element("span", { className: "chip", "aria-hidden": "true" }), "Made-up card •••• 4242"),
      element("p", { className: "caption", text: "Nobody’s money: the provider of this payment is made up too." }),
      go, leave);
    this.place.hidden = false;
    this.behind.inert = true;
    go.focus();
  }

  close() {
    if (this.place.hidden) return;
    this.place.hidden = true;
    this.behind.inert = false;
    this.before?.focus({ preventScroll: true });
  }
}
