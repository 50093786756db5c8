// The page: drawn anew, once per frame at most, whenever the worlds or this window change.

import { html } from "/vendor/lit-html.js";
import { desk, dialogs, lookAround } from "./desk.js";
import { every, follow, one } from "./live.js";
import { drawWith, mine, redraw } from "./mine.js";
import { phone } from "./phone.js";
import { bottom, top } from "./top.js";

const SCROLLED = ["bubbles", "channel", "thread"];

function page() {
  if (!one("shop")) return html`<p class="loading">Opening the shop…</p>`;
  if (!one("buyer", mine.buyer)) mine.buyer = every("buyer").find((buyer) => buyer.place === 0).id;
  lookAround();
  return html`${top()}
    <main>${phone()}${desk()}</main>
    ${dialogs()}${bottom()}`;
}

const shown = () => ({
  bubbles: mine.buyer,
  channel: mine.chat + mine.channel,
  thread: mine.chat + (mine.chat === "slack" ? mine.thread : mine.post),
});

// Lists stay at their end until somebody scrolls up, and go there when they show something else. New words and pictures
// that arrive late make a list longer but never move it up: whatever moves it up is a person.
const scrolledUp = new Set();
const reached = new Map();
let last = {};

function toTheEnd() {
  for (const id of SCROLLED) {
    const list = document.getElementById(id);
    if (!list || scrolledUp.has(id)) continue;
    list.scrollTop = list.scrollHeight;
    reached.set(id, list.scrollTop);
  }
}

function showDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) if (!dialog.open) dialog.showModal();
}

function after() {
  const now = shown();
  for (const id of SCROLLED) if (last[id] !== now[id]) scrolledUp.delete(id);
  last = now;
  toTheEnd();
  showDialogs();
}

document.addEventListener(
  "scroll",
  ({ target: list }) => {
    if (!SCROLLED.includes(list.id)) return;
    if (list.scrollHeight - list.scrollTop - list.clientHeight < 40) scrolledUp.delete(list.id);
    else if (list.scrollTop < reached.get(list.id) - 4) scrolledUp.add(list.id);
  },
  true,
);
document.addEventListener("load", toTheEnd, true);
window.addEventListener("resize", toTheEnd);

const place = document.getElementById("page");
place.textContent = "";
drawWith(place, page, after);
follow(redraw);
setInterval(redraw, 10_000); // "two minutes ago" grows older
