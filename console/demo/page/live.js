// The operator's view as it comes in. The browser reconnects by itself; the page only says how the line is.

export function watch(show) {
  const wire = document.getElementById("wire");
  const source = new EventSource("/demo/live");
  source.addEventListener("open", () => said(wire, "Live", "on"));
  source.addEventListener("error", () => said(wire, "Not connected. Is the demo still running?", "off"));
  source.addEventListener("message", (event) => show(JSON.parse(event.data)));
}

function said(wire, words, state) {
  if (wire.textContent !== words) wire.textContent = words;
  wire.dataset.state = state;
}
