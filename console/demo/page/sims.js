// The SIM cards: who the phone belongs to.

import { element } from "./elements.js";

export function drawSims(people, inserted) {
  const tray = document.getElementById("sims");
  for (const person of people) {
    const choice = element("input", { type: "radio", name: "sim", value: person.key, id: `sim-${person.key}` });
    choice.addEventListener("change", () => insert(person, inserted));
    const card = element("label", { className: "sim", for: choice.id },
      element("span", { className: "chip", "aria-hidden": "true" }),
      element("span", { className: "name", text: person.name }));
    tray.append(element("div", {}, choice, card));
  }
  tray.querySelector("input").checked = true;
  insert(people[0], inserted);
}

function insert(person, inserted) {
  const facts = [
    ["speaks", person.speaks],
    ["PIN", person.pin],
    ["", person.number],
    [person.reference_name, person.reference],
  ].filter(([, value]) => value);
  document.getElementById("owner").replaceChildren(
    element("span", { text: person.hint }),
    ...facts.map(([name, value]) => element("span", { className: "fact" },
      name && element("span", { className: "what", text: `${name} ` }), value)));
  inserted(person);
}
