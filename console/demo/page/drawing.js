// Drawings of one line, which take their colour from where they stand.

const SVG = "http://www.w3.org/2000/svg";

export function drawing(box, line) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", box);
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", line);
  made.append(path);
  return made;
}
