// What a feature phone does: it dials, shows what the network says, and keeps short messages. It knows no HTML.
//
// A face is what its screen shows: its kind, the words, what is typed, the soft keys' labels, and the room left.

const LONGEST = 160;

export class Phone {
  constructor({ ask, shortCode, show, scroll }) {
    Object.assign(this, { ask, shortCode, paint: show, scroll });
    this.read = new Set();
    this.known = new Set();
    this.owners = new Set();
    this.inbox = [];
    this.fetched = Promise.resolve();
  }

  insert(person) {
    if (this.session) this.hangUp("Incomplete");
    this.person = person;
    this.inbox = [];
    this.pending = 0;
    this.news = "";
    this.rest();
    this.lookForMessages();
  }

  press(key) {
    const does = KEYS[this.mode];
    if ("0123456789*#".includes(key)) does.sign?.(this, key);
    else does[key]?.(this);
    this.show();
  }

  // ---- at rest, and dialling

  rest() {
    this.mode = this.pending ? "told" : "idle";
    this.session = undefined;
    this.typed = "";
    this.show();
  }

  type(sign) {
    if (this.typed.length < LONGEST) this.typed += sign;
  }

  erase() {
    this.typed = this.typed.slice(0, -1);
  }

  dial() {
    const code = this.shortCode.slice(0, -1);
    const isOurs = this.typed.startsWith(code) && this.typed.endsWith("#") && "*#".includes(this.typed[code.length]);
    if (!this.typed) this.typed = this.last ?? this.shortCode;
    else if (!isOurs) this.say(`This phone can only dial ${this.shortCode}`);
    else {
      this.last = this.typed;
      this.heard = this.typed.slice(code.length + 1, -1);
      this.session = crypto.randomUUID();
      this.turn();
    }
  }

  // ---- a session

  answer() {
    if (!this.typed) return;
    this.heard = this.heard === "" ? this.typed : `${this.heard}*${this.typed}`;
    this.turn();
  }

  async turn() {
    const { session } = this;
    this.mode = "running";
    this.typed = "";
    try {
      const page = await this.ask("phone", { person: this.person.key, session, text: this.heard });
      if (this.session !== session) return;
      this.page = page;
      this.mode = page.ends ? "over" : "page";
      if (page.ends) this.hangUp("Success");
    } catch (error) {
      if (this.session === session) this.say(error.message);
    }
    this.show();
  }

  // The network tells the counter that the session is over, and how.
  hangUp(ended) {
    const { session } = this;
    this.session = undefined;
    this.ask("hang-up", { person: this.person.key, session, ended }).catch(() => {});
  }

  say(words) {
    this.session = undefined;
    this.page = { words };
    this.mode = "over";
  }

  // ---- short messages

  newsFor(messages) {
    const mine = messages.filter((one) => one.person === this.person?.key && one.sent && !one.chat).map((one) => one.id).join();
    if (mine === this.news) return;
    this.news = mine;
    this.lookForMessages();
  }

  // One look after the other, so that none is overtaken by an older one.
  lookForMessages() {
    this.fetched = this.fetched.then(() => this.fetchMessages());
  }

  async fetchMessages() {
    const { person } = this;
    const found = await this.ask("messages", { person: person.key }).catch(() => undefined);
    if (!found || person !== this.person) return;
    const fresh = found.messages.filter((one) => !this.known.has(one.id));
    fresh.forEach((one) => this.known.add(one.id));
    this.inbox = found.messages;
    // Those that were there when the card came in for the first time are no news.
    if (this.owners.has(person.key)) this.pending += fresh.length;
    this.owners.add(person.key);
    if (this.pending && this.mode === "idle" && !this.typed) this.mode = "told";
    this.show();
  }

  get unread() {
    return this.inbox.filter((one) => !this.read.has(one.id)).length;
  }

  openInbox() {
    this.pending = 0;
    this.chosen = 0;
    this.mode = "inbox";
  }

  get isChoosing() {
    return this.mode === "inbox";
  }

  choose(step) {
    this.chosen = Math.max(0, Math.min(this.inbox.length - 1, this.chosen + step));
  }

  openMessage(place = this.chosen) {
    this.pending = 0;
    this.chosen = place;
    this.letter = this.inbox[place];
    if (!this.letter) return;
    this.read.add(this.letter.id);
    this.mode = "letter";
  }

  later() {
    this.pending = 0;
    this.rest();
  }

  // ---- the screen

  show() {
    const news = this.pending ? received(this.pending) : "";
    this.paint({ owner: this.person?.name, unread: this.unread, news, ...FACES[this.mode](this) });
  }
}

// What each key does in each mode. Digits, star and hash are one: `sign`.
const KEYS = {
  idle: {
    sign: (phone, sign) => phone.type(sign),
    green: (phone) => phone.dial(),
    red: (phone) => phone.rest(),
    left: (phone) => (phone.typed ? phone.dial() : phone.openInbox()),
    right: (phone) => phone.erase(),
    delete: (phone) => phone.erase(),
  },
  running: {
    red: (phone) => { phone.hangUp("Incomplete"); phone.rest(); },
  },
  page: {
    sign: (phone, sign) => phone.type(sign),
    green: (phone) => phone.answer(),
    left: (phone) => phone.answer(),
    red: (phone) => { phone.hangUp("Incomplete"); phone.rest(); },
    right: (phone) => phone.erase(),
    delete: (phone) => phone.erase(),
    up: (phone) => phone.scroll(-1),
    down: (phone) => phone.scroll(1),
  },
  over: {
    sign: (phone, sign) => { phone.rest(); phone.mode = "idle"; phone.type(sign); },
    green: (phone) => phone.rest(),
    left: (phone) => phone.rest(),
    red: (phone) => phone.rest(),
    right: (phone) => (phone.pending ? phone.openMessage(0) : undefined),
    up: (phone) => phone.scroll(-1),
    down: (phone) => phone.scroll(1),
  },
  told: {
    sign: (phone, sign) => { phone.later(); phone.type(sign); },
    green: (phone) => phone.openMessage(0),
    left: (phone) => phone.openMessage(0),
    right: (phone) => phone.later(),
    red: (phone) => phone.later(),
    delete: (phone) => phone.later(),
  },
  inbox: {
    green: (phone) => phone.openMessage(),
    left: (phone) => phone.openMessage(),
    right: (phone) => phone.rest(),
    red: (phone) => phone.rest(),
    delete: (phone) => phone.rest(),
    up: (phone) => phone.choose(-1),
    down: (phone) => phone.choose(1),
  },
  letter: {
    right: (phone) => { phone.mode = "inbox"; },
    delete: (phone) => { phone.mode = "inbox"; },
    red: (phone) => phone.rest(),
    up: (phone) => phone.scroll(-1),
    down: (phone) => phone.scroll(1),
  },
};

const FACES = {
  idle: ({ typed, shortCode, inbox }) => typed
    ? { kind: "dialling", words: typed, left: "Call", right: "Clear" }
    : { kind: "idle", words: `Dial ${shortCode}`, left: inbox.length ? "Messages" : "" },
  running: () => ({ kind: "running", words: "USSD code running" }),
  page: ({ page, typed }) => ({
    kind: "page", words: page.words, typed, room: page, left: "Send", right: typed ? "Clear" : "",
  }),
  over: ({ page, pending }) => ({
    kind: "page", words: page.words, room: page.room && page, left: "OK", right: pending ? "Message" : "",
  }),
  told: ({ pending }) => ({ kind: "told", words: received(pending), news: "", left: "Read", right: "Later" }),
  inbox: ({ inbox, chosen, read }) => ({
    kind: "inbox",
    words: inbox.length ? "Messages" : "No messages",
    list: inbox.map((one, place) => ({ ...one, chosen: place === chosen, unread: !read.has(one.id) })),
    left: inbox.length ? "Open" : "", right: "Back",
  }),
  letter: ({ letter }) => ({ kind: "letter", words: letter.words, at: letter.at, right: "Back" }),
};

function received(count) {
  return count === 1 ? "1 message received" : `${count} messages received`;
}
