// Money and time as this page writes them. Amounts are whole minor units; sen exist on paper only.

const grouped = new Intl.NumberFormat("en-GB");

export function rupiah(minor) {
  const sign = minor < 0 ? "−" : "";
  return `${sign}Rp${amount(Math.abs(minor))}`;
}

export function amount(minor) {
  return grouped.format(Math.trunc(minor / 100));
}

export function timeOfDay(moment) {
  return new Date(moment).toLocaleTimeString("en-GB");
}

export function hoursAndMinutes(moment) {
  return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

export function lasting(ms) {
  return ms < 950 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
