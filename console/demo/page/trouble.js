// What went wrong, said for a while at the bottom of the page.

const SHOWN_MS = 6000;

const place = document.getElementById("trouble");
let hiding;

export function complain(error) {
  place.textContent = error.message;
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { place.hidden = true; }, SHOWN_MS);
}
