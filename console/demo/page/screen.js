// The phone's screen: paints a face, and scrolls what is longer than it.

import { element } from "./elements.js";
import { hoursAndMinutes } from "./wording.js";

export class Screen {
  constructor(lcd) {
    this.lcd = lcd;
    this.parts = Object.fromEntries(
      ["display", "typed", "envelope", "clock", "room", "left-label", "right-label"].map(
        (id) => [id, lcd.querySelector(`#${id}`)]));
    this.tick();
    setInterval(() => this.tick(), 5000);
  }

  show(face) {
    const { display, typed, envelope, room } = this.parts;
    this.lcd.dataset.kind = face.kind;
    this.write(display, PAINT[face.kind] ?? paragraph, face);
    typed.hidden = face.typed === undefined;
    typed.textContent = face.typed ?? "";
    envelope.hidden = !face.unread;
    room.textContent = face.room ? `${face.room.left}/${face.room.room}` : "";
    room.title = face.room ? `Room left on this page: ${face.room.left} of ${face.room.room} signs` : "";
    this.tell(face.news ?? "");
    this.parts["left-label"].textContent = face.left ?? "";
    this.parts["right-label"].textContent = face.right ?? "";
  }

  // Written only when it changed: a screen reader reads each face once.
  write(display, paint, face) {
    const { typed, left, right, room, unread, news, ...seen } = face;
    const version = JSON.stringify(seen);
    if (display.dataset.version === version) return;
    display.dataset.version = version;
    display.replaceChildren(...paint(face));
    display.scrollTop = 0;
    display.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  // For ears only: on the screen an envelope says it.
  tell(words) {
    const told = document.getElementById("told");
    if (told.textContent !== words) told.textContent = words;
  }

  scroll(direction) {
    const { display } = this.parts;
    display.scrollBy({ top: direction * 54 });
  }

  tick() {
    const now = hoursAndMinutes(Date.now());
    this.parts.clock.textContent = now;
    document.getElementById("chat-clock").textContent = now;
    const big = this.lcd.querySelector(".big-clock");
    if (big) big.textContent = now;
  }
}

const PAINT = {
  idle: ({ owner, words }) => [
    element("span", { className: "big-clock", text: hoursAndMinutes(Date.now()), "aria-hidden": "true" }),
    element("span", { className: "owner-name", text: owner }),
    element("span", { className: "hint", text: words }),
  ],
  dialling: ({ words }) => [element("span", { className: "number", text: words })],
  running: ({ words }) => [
    element("span", { text: words }),
    element("span", { className: "dots", "aria-hidden": "true" }, ...[1, 2, 3].map(() => element("i"))),
  ],
  told: ({ words }) => [
    element("span", { className: "big-envelope", "aria-hidden": "true" }),
    element("span", { text: words }),
    element("span", { className: "hint", text: "from Loket" }),
  ],
  inbox: ({ words, list }) => [
    element("span", { className: "title", text: words }),
    ...list.map((one) => element("span", { className: `row${one.chosen ? " chosen" : ""}${one.unread ? " unread" : ""}` },
      element("span", { className: "when", text: hoursAndMinutes(one.at) }), element("span", { className: "start", text: one.words.split("\n")[0] }))),
  ],
  letter: ({ words, at }) => [
    element("span", { className: "title", text: `Loket  ${hoursAndMinutes(at)}` }),
    ...paragraph({ words }),
  ],
};

function paragraph({ words }) {
  return [element("p", { text: words })];
}
