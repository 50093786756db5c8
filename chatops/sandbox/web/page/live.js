// The worlds' documents as the server's feed tells them. The browser reconnects by itself and says what it saw last.

const kinds = new Map();
export const line = { open: false };

/** One document: `one("product")`, `one("person", "U0LI")`. */
export const one = (kind, id = "") => kinds.get(kind)?.get(id);

/** Milliseconds since 1970 by the worlds' clock, on which the visitor lets time pass. */
export const now = () => Date.now() + (one("time")?.ahead ?? 0);

/** All documents of a kind, in the order they appeared. */
export const every = (kind) => [...(kinds.get(kind)?.values() ?? [])];

/** Follow the feed; `changed` is called after every change, also of `line.open`. */
export function follow(changed) {
  const feed = new EventSource("/feed");
  feed.addEventListener("everything", (event) => {
    kinds.clear();
    apply(JSON.parse(event.data));
    changed();
  });
  feed.addEventListener("change", (event) => {
    apply(JSON.parse(event.data));
    changed();
  });
  feed.onopen = () => {
    line.open = true;
    changed();
  };
  feed.onerror = () => {
    line.open = false;
    changed();
  };
}

function apply({ set, gone = [] }) {
  for (const [key, document] of Object.entries(set)) {
    const [kind, id] = split(key);
    if (!kinds.has(kind)) kinds.set(kind, new Map());
    kinds.get(kind).set(id, document);
  }
  for (const key of gone) {
    const [kind, id] = split(key);
    kinds.get(kind)?.delete(id);
  }
}

function split(key) {
  const at = key.indexOf("/");
  return at < 0 ? [key, ""] : [key.slice(0, at), key.slice(at + 1)];
}
