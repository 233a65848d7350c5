// The page: a phone, an operator's view, and what connects them to the counter behind.

import { ask, stage } from "./counter.js";
import { drawKeys, hearKeyboard } from "./keys.js";
import { watch } from "./live.js";
import { Operator } from "./operator.js";
import { Phone } from "./phone.js";
import { Screen } from "./screen.js";
import { drawSims } from "./sims.js";
import { complain } from "./trouble.js";

const { people, moods, short_code: shortCode, top_up: topUp } = await stage();

const screen = new Screen(document.getElementById("lcd"));
const phone = new Phone({ ask, shortCode, show: (face) => screen.show(face), scroll: (lines) => screen.scroll(lines) });
const operator = new Operator({ people, moods, topUp, shortCode, ask: (...order) => ask(...order).catch(complain) });

drawKeys(document.getElementById("keys"), (key) => phone.press(key));
hearKeyboard(document.getElementById("keys"), (key) => phone.press(key), () => phone.isChoosing);
drawSims(people, (person) => {
  phone.insert(person);
  operator.look(person);
});

watch((view) => {
  operator.show(view);
  phone.newsFor(view.messages);
});
