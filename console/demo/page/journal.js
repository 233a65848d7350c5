// One entry of the journal: its words, then a line for each account, debits first.

import { element } from "./elements.js";
import { amount, timeOfDay } from "./wording.js";

export function drawEntry(entry) {
  return element("tbody", { "data-kind": entry.kind },
    element("tr", { className: "entry" },
      element("th", { scope: "rowgroup", colspan: "3" },
        element("span", { className: "index", text: `№ ${entry.index}` }),
        element("span", { className: "words", text: entry.words }),
        element("time", { text: timeOfDay(entry.at) }))),
    ...entry.lines.map((line) => element("tr", { className: line.amount_minor > 0 ? "debit" : "credit" },
      element("td", { text: line.account }),
      element("td", { text: line.amount_minor > 0 ? amount(line.amount_minor) : "" }),
      element("td", { text: line.amount_minor < 0 ? amount(-line.amount_minor) : "" }))));
}
