// The operator's side: figures, the provider's mood, payments, the journal, calls and messages.

import { element, keep } from "./elements.js";
import { drawEntry } from "./journal.js";
import { leaveFocus } from "./keys.js";
import { drawPayment } from "./payments.js";
import { lasting, rupiah, timeOfDay } from "./wording.js";

const place = (id) => document.getElementById(id);

export class Operator {
  constructor({ people, moods, topUp, shortCode, ask }) {
    Object.assign(this, { people, moods, ask });
    this.names = Object.fromEntries(people.map((person) => [person.key, person.name]));
    document.querySelectorAll(".code").forEach((code) => { code.textContent = shortCode; });
    this.topUp = `Top up ${rupiah(topUp * 100)}`;
    leaveFocus(place("top-up"));
    place("top-up").addEventListener("click", () => ask("top-up", { person: this.person.key }));
    this.drawMoods();
  }

  look(person) {
    this.person = person;
    if (this.view) this.show(this.view);
  }

  show(view) {
    this.view = view;
    this.showFigures(view);
    this.showMood(view.provider);
    place("no-payments").hidden = view.payments.length > 0;
    keep(place("payments"), view.payments, {
      key: (one) => one.id, version: (one) => `${one.state} ${one.trail}`, draw: (one) => drawPayment(one, this.names) });
    keep(place("calls"), view.calls.slice(0, 8), { key: (one) => one.number, draw: drawCall });
    keep(place("messages"), view.messages.slice(0, 6), {
      key: (one) => one.id, version: (one) => String(one.sent), draw: (one) => drawMessage(one, this.names) });
    place("alarms-section").hidden = view.alarms.length === 0;
    keep(place("alarms"), view.alarms, { key: (one) => one.number, draw: drawAlarm });
    this.showViolations(view.violations);
    keep(document.querySelector(".journal"), view.entries, { key: (one) => one.index, draw: drawEntry });
  }

  // The real Telegram would have refused this: a defect, and not one of the visitor's.
  showViolations(sentences) {
    place("violations").hidden = sentences.length === 0;
    const heading = element("b", { text: "A defect: Telegram would refuse this" });
    const version = sentences.join();
    if (place("violations").dataset.version === version) return;
    place("violations").dataset.version = version;
    place("violations").replaceChildren(heading, element("ul", {}, ...sentences.map((text) => element("li", { text }))));
  }

  showFigures({ wallets, book }) {
    const wallet = wallets[this.person.key];
    const whose = wallet === null ? "No wallet yet" : `${this.person.name}’s wallet`;
    const figures = [
      [whose, wallet === null ? "–" : rupiah(wallet.amount_minor)],
      ["On hold", rupiah(book.held_minor)],
      ["Deposit at the provider", rupiah(book.deposit_minor)],
      ["Earned: margin and fees", rupiah(book.earned_minor)],
    ];
    keep(place("figures"), figures, {
      key: ([name]) => name, version: ([, value]) => value,
      draw: ([name, value]) => element("div", {}, element("dt", { text: name }), element("dd", { text: value })) });
    place("top-up").textContent = wallet === null ? this.topUp : `${this.topUp} for ${this.person.name}`;
    place("top-up").disabled = wallet === null;
    place("book").textContent = book.sum_minor === 0
      ? `${book.entries} entries in the book, which sum to ${rupiah(0)}.`
      : `The book does not balance: ${rupiah(book.sum_minor)}.`;
  }

  drawMoods() {
    for (const mood of this.moods) {
      const choice = element("input", { type: "radio", name: "mood", value: mood.key, id: `mood-${mood.key}` });
      choice.addEventListener("change", () => this.ask("provider", { mood: mood.key }));
      place("moods").append(element("div", {}, choice, element("label", { for: choice.id, text: mood.name })));
    }
  }

  showMood(key) {
    const story = this.moods.find((mood) => mood.key === key).story;
    if (place("story").textContent === story) return;
    place(`mood-${key}`).checked = true;
    place("story").textContent = story;
  }
}

function drawCall(call) {
  return element("li", {},
    element("time", { text: timeOfDay(call.at) }),
    element("span", { className: "what", text: call.call }),
    element("span", { className: "came", text: call.outcome }),
    element("span", { className: "took", text: lasting(call.ms) }));
}

function drawAlarm(alarm) {
  return element("li", {},
    element("time", { text: timeOfDay(alarm.at * 1000) }),
    element("span", { className: "what", text: alarm.words }));
}

function drawMessage(message, names) {
  return element("li", {},
    element("time", { text: timeOfDay(message.at) }),
    element("span", { className: "what", text: message.about }),
    element("span", { className: "came", text: `${names[message.person]} ${message.to}` }),
    element("span", { className: "took", text: message.sent ? "sent" : "waits" }));
}
