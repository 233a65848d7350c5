// The chat as it is shown: a bubble for each message, edited where it stands; those that were deleted go.

import { Bubble } from "./bubble.js";
import { element } from "./elements.js";

// How near its end a chat is still read at its end.
const NEAR_PX = 80;

export class Chat {
  constructor(log, { press, enlarge, told }) {
    Object.assign(this, { log, press, enlarge, told });
    this.bubbles = new Map();
    this.atEnd = true;
    log.addEventListener("scroll", () => { if (log.clientHeight) this.atEnd = this.isAtEnd(); });
    // The chat grows when its tab is opened, and when a keyboard goes away.
    new ResizeObserver(() => { if (this.atEnd) this.toEnd(); }).observe(log);
  }

  clear() {
    this.bubbles.clear();
    this.log.replaceChildren();
    this.settled = false;
  }

  show({ messages, description }) {
    const { atEnd } = this;
    const hadFocus = this.log.contains(document.activeElement) && document.activeElement !== this.log;
    const there = new Set(messages.map((one) => one.message_id));
    for (const [id, bubble] of this.bubbles) if (!there.has(id)) this.drop(id, bubble);
    const news = messages.filter((one) => this.put(one));
    this.introduce(messages.length ? "" : description);
    if (hadFocus && !this.log.contains(document.activeElement)) this.newest()?.focus();
    if (atEnd || news.length) this.toEnd();
    if (this.settled && news.some((one) => one.from_bot)) this.told();
    this.settled = true;
  }

  // True when the message is new.
  put(message) {
    const known = this.bubbles.get(message.message_id);
    if (known) {
      known.show(message);
      return false;
    }
    const bubble = new Bubble({ press: this.press, enlarge: this.enlarge });
    bubble.show(message);
    if (this.settled) bubble.arrive();
    this.bubbles.set(message.message_id, bubble);
    this.log.append(bubble.whole);
    return true;
  }

  drop(id, bubble) {
    this.bubbles.delete(id);
    bubble.whole.remove();
  }

  // What Telegram shows of a bot before anything was said.
  introduce(words) {
    this.log.querySelector(".introduction")?.remove();
    if (!words) return;
    this.log.prepend(element("div", { className: "introduction" },
      element("b", { text: "What can this bot do?" }), element("p", { text: words, dir: "auto" })));
  }

  newest() {
    return [...this.bubbles.values()].reverse().find((bubble) => bubble.message.from_bot);
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_PX;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.atEnd = true;
  }
}
