// A picture of the chat at its full size. Esc, a tap, and the button close it.

import { element } from "./elements.js";

export function enlarger(dialog) {
  dialog.addEventListener("click", () => dialog.close());
  return (file, { text, protected: kept }) => {
    const image = element("img", { src: file, alt: text, draggable: "false" });
    const close = element("button", { type: "button", className: "action", text: "Close" });
    dialog.classList.toggle("protected", kept);
    dialog.replaceChildren(image, close);
    dialog.showModal();
  };
}
