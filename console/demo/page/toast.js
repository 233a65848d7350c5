// What the bot answers to a press: a word over the chat for a moment.

import { element } from "./elements.js";

const SHOWN_MS = 2200;
const DOTS = /^[●○ ]+$/;

export function toaster(place) {
  let hiding;
  return (text) => {
    clearTimeout(hiding);
    place.replaceChildren(...(DOTS.test(text) ? counted(text) : [text]));
    place.classList.add("shown");
    hiding = setTimeout(() => { place.classList.remove("shown"); place.replaceChildren(); }, SHOWN_MS);
  };
}

// Dots say how many digits of a PIN there are; ears hear the number.
function counted(text) {
  const count = text.split("●").length - 1;
  return [
    element("span", { text, "aria-hidden": "true" }),
    element("span", { className: "unseen", text: count === 1 ? "1 digit" : `${count} digits` }),
  ];
}
