/** Elements of the page. */

export const el = id => document.getElementById(id);

/** Make an element of HTML; texts are texts, and never markup. */
export function node(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made[key] = value;
    else if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.flat().filter(x => x !== null && x !== undefined));
  return made;
}

/** Put other elements into a box; whoever had the focus in it keeps it, by `data-key`. */
export function replace(id, ...inside) {
  const box = el(id), key = box.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  box.replaceChildren(...inside.flat());
  if (key !== undefined) [...box.querySelectorAll("[data-key]")].find(one => one.dataset.key === key)?.focus();
}
/** Write a text where it differs, so that screen readers hear it once. */
export function write(id, text) {
  if (el(id).textContent !== text) el(id).textContent = text;
}
