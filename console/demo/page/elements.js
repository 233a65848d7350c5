// Elements from words. Text is always set as text, never as markup.

export function element(tag, { className, text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

// Keep one element per item, in the order of the items: those known stay where they are and are only written anew
// when they changed, so that what is new can be seen to arrive. Children without a key stay in front.
export function keep(parent, items, { key, version = () => "", draw }) {
  const children = [...parent.children];
  const known = new Map(children.map((child) => [child.dataset.key, child]));
  const settled = parent.dataset.settled !== undefined;
  const kept = children.filter((child) => child.dataset.key === undefined);
  for (const item of items) {
    const old = known.get(String(key(item)));
    kept.push(old?.dataset.version === version(item) ? old : drawn(item, settled && (old ? "changed" : "arrived")));
  }
  parent.dataset.settled = "";
  if (kept.length !== children.length || kept.some((child, place) => child !== children[place])) {
    parent.replaceChildren(...kept);
  }

  function drawn(item, news) {
    const made = draw(item);
    made.dataset.key = key(item);
    made.dataset.version = version(item);
    if (news) made.classList.add(news);
    return made;
  }
}
