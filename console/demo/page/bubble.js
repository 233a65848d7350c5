// One message. Each part of it is written anew only when it changed, so that a button under a finger stays.

import { element } from "./elements.js";
import { invoiceCard, paidCard } from "./invoices.js";
import { drawing } from "./drawing.js";
import { written } from "./words.js";
import { hoursAndMinutes } from "./wording.js";

const WAITS_MS = 600;
const KEPT = "It cannot be copied or passed on";
const LOCK = "M1.5 7h9v7.5h-9zM3.5 7V4.5a2.5 2.5 0 0 1 5 0V7";
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export class Bubble {
  constructor({ press, enlarge }) {
    Object.assign(this, { press, enlarge });
    this.things = element("div", { className: "things" });
    this.words = element("p", { className: "said", dir: "auto" });
    this.meta = element("p", { className: "meta" });
    this.body = element("div", { className: "body" }, this.things, this.words, this.meta);
    this.buttons = element("div", { className: "buttons" });
    this.whole = element("article", { className: "bubble", tabindex: "-1" }, this.body, this.buttons);
    this.versions = new Map();
  }

  show(message) {
    const edited = this.message && message.edits !== this.message.edits;
    this.message = message;
    this.whole.classList.add(message.from_bot ? "theirs" : "own");
    this.whole.dataset.kind = message.kind;
    this.whole.dataset.id = message.message_id;
    this.whole.classList.toggle("protected", message.protected);
    this.whole.setAttribute("aria-label", message.from_bot ? "Loket says" : "You wrote");
    this.part("things", [message.kind, message.file, message.invoice, message.paid], () => this.drawThings());
    this.part("words", [message.text, message.entities], () => this.drawWords());
    this.part("meta", [message.date, message.protected], () => this.drawMeta());
    this.part("buttons", [message.buttons, message.paid], () => this.drawButtons());
    if (edited) this.flash();
  }

  part(name, facts, draw) {
    const version = JSON.stringify(facts);
    if (this.versions.get(name) === version) return;
    this.versions.set(name, version);
    draw();
  }

  drawThings() {
    const { kind, file, width, height, contact, invoice, paid } = this.message;
    this.whole.classList.toggle("pictured", kind === "photo");
    const drawn = {
      photo: () => this.photo(file, width, height),
      contact: () => contactCard(contact),
      invoice: () => invoiceCard(invoice, paid),
      successful_payment: () => paidCard(this.message.successful_payment),
    }[kind];
    this.things.replaceChildren(...(drawn ? [drawn()] : []));
  }

  photo(file, width, height) {
    const image = element("img", { src: file, width, height, alt: "", draggable: "false", decoding: "async" });
    const button = element("button", { type: "button", className: "photo", "aria-label": "Enlarge the picture" }, image);
    button.addEventListener("click", () => this.enlarge(file, this.message));
    return button;
  }

  drawWords() {
    this.words.hidden = !this.message.text;
    this.words.replaceChildren(...written(this.message.text, this.message.entities));
  }

  drawMeta() {
    const { date, protected: kept, from_bot: theirs } = this.message;
    this.meta.replaceChildren(
      ...(kept ? [element("span", { className: "kept", title: KEPT, role: "img", "aria-label": KEPT }, drawing("0 0 12 16", LOCK))] : []),
      element("time", { text: hoursAndMinutes(date * 1000) }),
      ...(theirs ? [] : [element("span", { className: "ticks", text: "✓✓", "aria-hidden": "true" })]));
  }

  drawButtons() {
    const focused = this.focused();
    const rows = this.message.paid ? [] : this.message.buttons;
    this.buttons.replaceChildren(...rows.map((row) =>
      element("div", { className: "row" }, ...row.map((one) => this.button(one)))));
    if (focused !== undefined) this.focus(focused);
  }

  button(one) {
    const caption = one.pay ? payCaption(one.text) : one.text;
    const made = element("button", { type: "button", className: `inline ${one.style ?? (one.pay ? "primary" : "")}`, dir: "auto" }, SPOKEN[caption] ? spoken(caption) : caption);
    made.addEventListener("click", () => {
      made.classList.add("waiting");
      setTimeout(() => made.classList.remove("waiting"), WAITS_MS);
      this.press(this.message, one);
    });
    return made;
  }

  // ---- focus, and what can be seen of a change

  focused() {
    const button = document.activeElement?.closest?.("button.inline");
    return button && this.buttons.contains(button) ? button.textContent : undefined;
  }

  // On the same button where there still is one, else on the message: a second Enter must not choose what is new.
  focus(caption) {
    const button = [...this.buttons.querySelectorAll("button")].find((one) => one.textContent === caption);
    (button ?? this.whole).focus({ preventScroll: true });
  }

  arrive() {
    if (!STILL.matches) this.whole.animate([{ opacity: 0, transform: "translateY(8px)" }, {}], { duration: 180, easing: "ease-out" });
  }

  flash() {
    if (!STILL.matches) this.body.animate([{ opacity: .35 }, { opacity: 1 }], { duration: 260, easing: "ease-out" });
  }
}

// The double writes an invoice's button as the Bot API does; people read the sum as everywhere else on this page.
function payCaption(text) {
  return `💳 ${text.replace(/\.00 IDR$/, "").replace(/ (?=\d)/, " Rp")}`;
}

// Signs that a screen reader would spell.
const SPOKEN = { "⌫": "Delete a digit", "✅": "Done" };

function spoken(sign) {
  const said = document.createDocumentFragment();
  said.append(element("span", { text: sign, "aria-hidden": "true" }), element("span", { className: "unseen", text: SPOKEN[sign] }));
  return said;
}

function contactCard({ first_name: name, phone_number: number }) {
  return element("div", { className: "contact" },
    element("span", { className: "face", text: name.slice(0, 1), "aria-hidden": "true" }),
    element("span", {}, element("b", { text: name }), element("span", { className: "number", text: number, dir: "ltr" })));
}
