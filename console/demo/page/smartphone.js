// What a smartphone does: it shows one chat as it comes in, and sends what its owner writes, presses, shares and pays.

const LINK = /^https:\/\/t\.me\/([^?/]+)(?:\?start=([\w-]{0,64}))?$/;

export class Smartphone {
  constructor({ ask, bot, chat, composer, sheet, toast, complain }) {
    Object.assign(this, { ask, bot, chat, composer, sheet, toast, complain });
    // A browser keeps few lines open to one place: a page that nobody looks at gives its own back.
    document.addEventListener("visibilitychange", () => this.listen());
  }

  insert(person) {
    this.person = person;
    this.sheet.close();
    this.chat.clear();
    this.composer.show({ keyboard: [], commands: [], messages: [] });
    this.told = undefined;
    this.listen();
  }

  listen() {
    this.source?.close();
    if (document.hidden) return;
    this.source = new EventSource(`/demo/chat?person=${this.person.key}`);
    this.source.addEventListener("message", (event) => this.show(JSON.parse(event.data)));
  }

  show(view) {
    if (view.person !== this.person.key) return;
    this.chat.show(view);
    this.composer.show(view);
    this.tellToasts(view.toasts);
  }

  // Those that were there when the chat was opened are no news.
  tellToasts(toasts) {
    const last = toasts.at(-1)?.number ?? -1;
    const news = this.told === undefined ? [] : toasts.filter(({ number, text }) => number > this.told && text);
    this.told = last;
    if (news.length) this.toast(news.at(-1).text);
  }

  // ---- what its owner does

  order(what, fields = {}) {
    return this.ask(`chat/${what}`, { person: this.person.key, ...fields }).catch(this.complain);
  }

  start(link = "") {
    return this.order("start", { link });
  }

  say(text) {
    return this.order("say", { text });
  }

  share() {
    return this.order("share");
  }

  press(message, button) {
    if (button.pay) return this.sheet.open(message.invoice, () => this.pay(message));
    if (button.copies) return this.copy(button.copies);
    if (button.url) return this.follow(button.url);
    return this.order("press", { message: String(message.message_id), data: button.data });
  }

  async pay(message) {
    const { paid, why } = (await this.order("pay", { message: String(message.message_id) })) ?? { paid: true };
    if (!paid) this.toast(why);
  }

  copy(words) {
    navigator.clipboard?.writeText(words).then(() => this.toast("Copied"), () => {});
  }

  follow(url) {
    const [, bot, link = ""] = LINK.exec(url) ?? [];
    if (bot === this.bot.username) this.start(link);
    else this.complain(new Error("That leads out of this demo."));
  }
}
