// Where there is room for one phone only, tabs tell which; the other says when something new came.

import { element } from "./elements.js";

const PHONES = [["phone", "Feature phone"], ["smartphone", "Smartphone"]];

export class Tabs {
  constructor(list, phones) {
    this.phones = phones;
    this.tabs = PHONES.map(([id, name], number) => {
      const news = element("span", { className: "news", hidden: true }, element("span", { className: "unseen", text: "something new" }));
      const tab = element("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": id }, name, news);
      tab.addEventListener("click", () => this.show(id));
      tab.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        event.preventDefault();
        this.show(PHONES[1 - number][0]);
        this.tabs[1 - number].tab.focus();
      });
      list.append(tab);
      return { id, tab, news };
    });
    this.show("phone");
  }

  show(shown) {
    this.phones.dataset.shown = shown;
    for (const { id, tab, news } of this.tabs) {
      tab.setAttribute("aria-selected", String(id === shown));
      tab.tabIndex = id === shown ? 0 : -1;
      if (id === shown) news.hidden = true;
    }
  }

  tell(phone) {
    if (this.phones.dataset.shown !== phone) this.tabs.find(({ id }) => id === phone).news.hidden = false;
  }
}
