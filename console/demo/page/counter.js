// What the page asks of the counter behind it. Trouble comes as an Error whose message is a sentence.

export async function stage() {
  return answer(await fetch("/demo/stage"));
}

export async function ask(what, fields) {
  const order = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) };
  let reply;
  try {
    reply = await fetch(`/demo/${what}`, order);
  } catch {
    throw new Error("Nobody answers. Is the demo still running?");
  }
  return answer(reply);
}

async function answer(reply) {
  const said = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(said.error ?? `The demo answered with ${reply.status}.`);
  return said;
}
