// The page: drawn anew, once per frame at most, whenever the worlds or this window change.

import { html } from "/vendor/lit-html.js";
import { dialogs, showDialogs } from "./dialogs.js";
import { every, follow, one } from "./live.js";
import { drawWith, mine, redraw } from "./mine.js";
import { phone } from "./phone.js";
import { lookAround, slack } from "./slack.js";
import { bottom, top } from "./top.js";

const SCROLLED = ["bubbles", "channel", "thread"];

function page() {
  if (!one("shop")) return html`<p class="loading">Opening the shop…</p>`;
  if (!one("buyer", mine.buyer)) mine.buyer = every("buyer").find((buyer) => buyer.place === 0).id;
  if (!one("person", mine.agent)) mine.agent = every("person").find((person) => !person.bot).id;
  lookAround();
  return html`${top()}
    <main>${phone()}${slack()}</main>
    ${dialogs()}${bottom()}`;
}

const shown = () => ({ bubbles: mine.buyer, channel: "", thread: mine.thread });

/** Remember which lists stood at their end: they stay there, and so does a list that shows something else now. */
function before() {
  const atEnd = SCROLLED.filter((id) => {
    const list = document.getElementById(id);
    return !list || list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  });
  return { atEnd, was: last };
}

let last = {};

function after({ atEnd, was }) {
  last = shown();
  for (const id of SCROLLED) {
    const list = document.getElementById(id);
    if (list && (atEnd.includes(id) || was[id] !== last[id])) list.scrollTop = list.scrollHeight;
  }
  showDialogs();
}

// A picture that arrives late must not push the newest words out of sight.
document.addEventListener(
  "load",
  ({ target }) => {
    const list = target.closest?.("#bubbles, #channel, #thread");
    if (list && list.scrollHeight - list.scrollTop - list.clientHeight < target.height + 60) list.scrollTop = list.scrollHeight;
  },
  true,
);

const place = document.getElementById("page");
place.textContent = "";
drawWith(place, page, { before, after });
follow(redraw);
setInterval(redraw, 10_000); // "two minutes ago" grows older
