// A text with its entities as elements. Offsets count UTF-16 units, as strings do here; entities may lie in each other.

import { element } from "./elements.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
};

export function written(text, entities) {
  return piece(text, 0, text.length, entities.filter((one) => TAGS[one.type]));
}

function piece(text, from, to, entities) {
  const made = [];
  let done = from;
  for (const one of outermost(entities)) {
    const end = one.offset + one.length;
    if (one.offset > done) made.push(text.slice(done, one.offset));
    const within = entities.filter((other) => other !== one && other.offset >= one.offset && other.offset + other.length <= end);
    made.push(element(TAGS[one.type], {}, ...piece(text, one.offset, end, within)));
    done = end;
  }
  if (done < to) made.push(text.slice(done, to));
  return made;
}

function outermost(entities) {
  const sorted = [...entities].sort((one, other) => one.offset - other.offset || other.length - one.length);
  let end = -1;
  return sorted.filter((one) => {
    const outside = one.offset >= end;
    if (outside) end = one.offset + one.length;
    return outside;
  });
}
