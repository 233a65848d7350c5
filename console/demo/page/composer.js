// Where its owner writes: the line with the menu of commands, the bot's keyboard below it, and Start before all.

import { element } from "./elements.js";

const place = (id) => document.getElementById(id);

export class Composer {
  constructor({ say, share, start }) {
    Object.assign(this, { say, share });
    this.version = "";
    place("composer").addEventListener("submit", (event) => this.send(event));
    place("menu").addEventListener("click", () => this.open(place("commands").hidden));
    place("begin").addEventListener("click", () => start());
    place("smartphone").addEventListener("keydown", (event) => this.hear(event));
  }

  show({ keyboard, commands, messages }) {
    const version = JSON.stringify([keyboard, commands, messages.length > 0]);
    if (version === this.version) return;
    this.version = version;
    const fresh = messages.length === 0;
    const hadFocus = document.activeElement === place("begin");
    place("begin").hidden = !fresh;
    place("composer").hidden = fresh;
    place("menu").hidden = commands.length === 0;
    this.drawCommands(commands);
    this.drawKeyboard(keyboard);
    if (hadFocus && !fresh) place("words").focus({ preventScroll: true });
  }

  drawCommands(commands) {
    this.open(false);
    place("commands").replaceChildren(...commands.map(({ command, description }) =>
      this.doing("command", () => { this.open(false); place("words").focus(); this.say(`/${command}`); },
        element("b", { text: `/${command}` }), element("span", { text: description, dir: "auto" }))));
  }

  drawKeyboard(rows) {
    place("replykeys").hidden = rows.length === 0;
    place("replykeys").replaceChildren(...rows.map((row) => element("div", { className: "row" }, ...row.map((one) =>
      this.doing("replykey", () => (one.asks_contact ? this.share() : this.say(one.text)), one.text)))));
  }

  doing(className, does, ...inside) {
    const made = element("button", { type: "button", className, dir: "auto" }, ...inside);
    made.addEventListener("click", () => {
      // The key goes away with its keyboard; whoever goes on by keyboard is left at the line.
      if (className === "replykey") place("words").focus({ preventScroll: true });
      does();
    });
    return made;
  }

  open(wide) {
    place("commands").hidden = !wide;
    place("menu").setAttribute("aria-expanded", String(wide));
    if (wide) place("commands").querySelector("button")?.focus();
  }

  send(event) {
    event.preventDefault();
    const words = place("words").value;
    if (!words.trim()) return;
    place("words").value = "";
    this.say(words);
  }

  // Whoever begins to type anywhere in the chat is writing a message.
  hear(event) {
    if (event.key === "Escape" && !place("commands").hidden) {
      this.open(false);
      place("menu").focus();
    } else if (isSign(event) && !place("composer").hidden && place("sheet").hidden) place("words").focus({ preventScroll: true });
  }
}

function isSign({ key, target, ctrlKey, altKey, metaKey }) {
  return [...key].length === 1 && key !== " " && !ctrlKey && !altKey && !metaKey && target.tagName !== "INPUT";
}
