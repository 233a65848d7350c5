// The keypad, by mouse and touch, and the computer's keyboard in its stead.

import { drawing } from "./drawing.js";
import { element } from "./elements.js";

const HANDSET = "M3 16.5c-1-2-1-4 .5-5.5C8 6.5 16 6.5 20.5 11c1.5 1.5 1.5 3.5.5 5.5l-5-1v-3.2c-2.5-.9-5.5-.9-8 0v3.2z";
const PICTURES = {
  left: "M5 12h14",
  right: "M5 12h14",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  green: HANDSET,
  red: HANDSET,
};

const KEYS = [
  { key: "left", label: "Left soft key", area: "left" },
  { key: "up", label: "Up", area: "up" },
  { key: "right", label: "Right soft key", area: "right" },
  { key: "green", label: "Green key: call or send", area: "green" },
  { key: "down", label: "Down", area: "down" },
  { key: "red", label: "Red key: hang up", area: "red" },
  ...["", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"].map(
    (letters, place) => ({ key: String(place + 1), letters })),
  { key: "*", label: "Star" },
  { key: "0", letters: "+" },
  { key: "#", label: "Hash" },
];

const KEYBOARD = {
  Enter: "green", Escape: "red", Backspace: "delete", Delete: "delete", ArrowUp: "up", ArrowDown: "down",
};
const DIGITS = "0123456789*#";
const ELSEWHERE = ".smartphone, .link, dialog, [role='tablist']";

export function drawKeys(pad, press) {
  for (const { key, label, letters, area } of KEYS) {
    const name = label ?? [key, ...(letters ?? "")].join(" ").trim();
    const button = element("button", { type: "button", className: `key ${area ?? "digit"}`, "aria-label": name, "data-key": key },
      PICTURES[key] ? drawing("0 0 24 24", PICTURES[key]) : element("span", { className: "figure", text: key }),
      letters && element("span", { className: "letters", text: letters }));
    leaveFocus(button);
    button.addEventListener("click", () => press(key));
    pad.append(button);
  }
}

// A mouse leaves the focus where it is, so that Enter stays the green key after a click.
export function leaveFocus(button) {
  button.addEventListener("pointerdown", (event) => event.preventDefault());
}

// `wantsArrows` tells whether the phone is choosing from a list; else they scroll the page, as ever. Who writes in the
// chat, or in any other field, does not dial. Taking the phone into one's hand ends that.
export function hearKeyboard(pad, press, wantsArrows) {
  pad.closest(".phone").addEventListener("pointerdown", (event) => {
    if (document.activeElement?.closest(ELSEWHERE)) event.currentTarget.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    const key = DIGITS.includes(event.key) ? event.key : KEYBOARD[event.key];
    if (!key || event.ctrlKey || event.altKey || event.metaKey || isMeantElsewhere(event, wantsArrows)) return;
    event.preventDefault();
    flash(pad.querySelector(`[data-key="${CSS.escape(key === "delete" ? "right" : key)}"]`));
    press(key);
  });
}

// A focused button keeps its Enter, a radio button its arrows.
function isMeantElsewhere({ key, target }, wantsArrows) {
  if (target.closest(ELSEWHERE)) return true;
  if (key === "Enter") return target.closest("button, a") !== null;
  if (key.startsWith("Arrow")) return !target.closest("#phone") && (target.closest("input") || !wantsArrows());
  return false;
}

function flash(button) {
  button?.classList.add("pressed");
  setTimeout(() => button?.classList.remove("pressed"), 110);
}
