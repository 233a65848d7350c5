// The page: two phones of one person, an operator's view, and what connects them to the counter behind.

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { ask, stage } from "./counter.js";
import { enlarger } from "./enlarge.js";
import { Sheet } from "./invoices.js";
import { drawKeys, hearKeyboard } from "./keys.js";
import { watch } from "./live.js";
import { Operator } from "./operator.js";
import { Phone } from "./phone.js";
import { Screen } from "./screen.js";
import { drawSims } from "./sims.js";
import { Smartphone } from "./smartphone.js";
import { Tabs } from "./tabs.js";
import { toaster } from "./toast.js";
import { complain } from "./trouble.js";

const place = (id) => document.getElementById(id);
const { people, moods, bot, short_code: shortCode, top_up: topUp } = await stage();

const tabs = new Tabs(place("tabs"), place("phones"));
const screen = new Screen(place("lcd"));
const phone = new Phone({
  ask, shortCode, scroll: (lines) => screen.scroll(lines),
  show: (face) => { screen.show(face); if (face.kind === "told" || face.news) tabs.tell("phone"); },
});
const smartphone = new Smartphone({
  ask, bot, complain,
  chat: new Chat(place("chat"), {
    press: (...pressed) => smartphone.press(...pressed), enlarge: enlarger(place("enlarged")), told: () => tabs.tell("smartphone") }),
  composer: new Composer({ say: (text) => smartphone.say(text), share: () => smartphone.share(), start: () => smartphone.start() }),
  sheet: new Sheet(place("sheet"), place("glass")),
  toast: toaster(place("toast")),
});
const operator = new Operator({ people, moods, topUp, shortCode, ask: (...order) => ask(...order).catch(complain) });

place("bot-name").textContent = bot.name;
place("chat").setAttribute("aria-label", `Chat with ${bot.name}`);
place("link-bot").textContent = `t.me/${bot.username}?start=`;
place("link").addEventListener("submit", (event) => {
  event.preventDefault();
  tabs.show("smartphone");
  smartphone.start(place("link-words").value.trim());
});

drawKeys(place("keys"), (key) => phone.press(key));
hearKeyboard(place("keys"), (key) => phone.press(key), () => phone.isChoosing);
drawSims(people, (person) => {
  phone.insert(person);
  smartphone.insert(person);
  operator.look(person);
});

watch((view) => {
  operator.show(view);
  phone.newsFor(view.messages);
});
