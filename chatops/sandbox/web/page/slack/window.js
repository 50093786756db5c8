// The team's Slack: the channel with its cards, and the open thread beside it.

import { html, nothing } from "/vendor/lit-html.js";
import { act, press, samplePhoto, sendPicture } from "../acts.js";
import { blocks } from "./blocks.js";
import { composer } from "../composer.js";
import { every, now, one } from "../live.js";
import { message } from "./message.js";
import { mine, set } from "../mine.js";
import { clock } from "./words.js";

const inOrder = (messages) => messages.sort((a, b) => (a.ts < b.ts ? -1 : 1));
const forMe = ({ only_for: only }) => !only || only === mine.agent;
const isReply = ({ thread_ts: root, ts }) => root && root !== ts;
const of = (channel) => every("message").filter((one) => one.channel === channel.id && forMe(one));

/** What stands in the channel itself, oldest first. */
export const roots = (channel) => inOrder(of(channel).filter((one) => !isReply(one)));

/** What stands below a root, oldest first. */
export const replies = (ts) =>
  inOrder(every("message").filter((one) => one.thread_ts === ts && isReply(one) && forMe(one)));

const newest = (root) => replies(root.ts).at(-1)?.ts ?? root.ts;

/** Open the newest thread when none is open, and remember what is on screen. */
export function lookAround() {
  const channel = theChannel();
  if (!channel) return;
  if (!one("person", mine.agent)) mine.agent = every("person").find((person) => !person.bot).id;
  if (!one("message", mine.thread)) {
    const cards = roots(channel).filter((root) => !root.only_for && (root.bot_id || root.reply_count));
    mine.thread = cards.at(-1)?.ts ?? "";
  }
  const open = one("message", mine.thread);
  if (open) mine.seen.set(open.ts, newest(open));
  const place = mine.direct && directOf({ id: mine.agent });
  if (place) mine.seen.set(place.id, roots(place).at(-1)?.ts ?? "");
}

const theChannel = () => every("channel")[0];

const directOf = (me) => every("direct").find(({ person }) => person === me.id);

/** What was written to somebody alone and was not on screen yet. */
const unread = (me) => {
  const place = directOf(me);
  return place ? roots(place).filter(({ ts }) => ts > (mine.seen.get(place.id) ?? "")).length : 0;
};

export function slack() {
  const channel = theChannel();
  const me = one("person", mine.agent);
  if (!channel || !me) return nothing;
  return html`<section class="slack" aria-label="The team's Slack">
    <header class="slack-head">
      <h2># ${channel.name}</h2>
      <button type="button" class="plain" aria-pressed=${mine.home} @click=${() => (mine.home ? leaveHome() : goHome(me))}>
        🤖 Home
      </button>
      <button type="button" class="plain" aria-pressed=${mine.direct} @click=${() => set({ direct: !mine.direct, home: false })}>
        ✉️ Direct messages${unread(me) ? html` <b class="count-new">${unread(me)}</b><span class="sr"> new</span>` : nothing}
      </button>
      ${whose(me)}
    </header>
    <div class="slack-body">${mine.home ? home(me) : mine.direct ? direct(me) : [talk(channel, me), thread(me)]}</div>
  </section>`;
}

const leaveHome = () => set({ home: false });

function goHome(me) {
  set({ home: true, direct: false });
  act(`/agents/${me.id}/home`, {});
}

/** The app's own page for whoever looks at it. */
function home(me) {
  const view = one("home", me.id);
  return html`<div class="home" role="region" aria-label="The app's home">
    ${view ? blocks({ ts: "home", blocks: view.blocks }) : html`<p class="quiet">The app has nothing here for ${me.name}.</p>`}
  </div>`;
}

/** What the app wrote to one person alone. */
function direct(me) {
  const place = directOf(me);
  const found = place ? roots(place) : [];
  return html`<div class="home" id="direct" role="log" aria-label="Direct messages" tabindex="0">
    ${found.length
      ? found.map((it) => message(it, { thread: false }))
      : html`<p class="quiet">Whoever is on call is written to here. Nobody wrote to ${me.name} yet.</p>`}
  </div>`;
}

function talk(channel, me) {
  const to = `/agents/${me.id}`;
  const commands = one("slack-app")?.commands ?? [];
  const send = (text) =>
    text.startsWith("/") ? press(`run ${text}`, `${to}/run`, { text }) : act(`${to}/post`, { text });
  return html`<div class="talk">
    <div class="channel" id="channel" role="log" aria-label="Channel" tabindex="0">${cards(channel)}</div>
    ${composer({ id: "channel-text", label: `Message #${channel.name}, or ${commands.join(" ")}`, send })}
  </div>`;
}

function whose(me) {
  const agents = every("person").filter((person) => !person.bot);
  const city = me.zone.split("/").at(-1).replaceAll("_", " ");
  return html`<p class="where">${city}, ${clock(now() / 1000)}</p>
    <div class="switch" role="group" aria-label="Whose Slack">
      ${agents.map(
        ({ id, name }) =>
          html`<button type="button" aria-pressed=${id === mine.agent} @click=${() => play(id)}>
            ${name}
          </button>`,
      )}
    </div>`;
}

function play(id) {
  set({ agent: id, editing: "" });
  if (mine.home) act(`/agents/${id}/home`, {});
}

function cards(channel) {
  const found = roots(channel);
  if (!found.length) return html`<p class="quiet">When a buyer writes, a thread appears here.</p>`;
  return found.map(card);
}

function card(root) {
  if (root.only_for || (root.subtype && !root.bot_id)) return message(root, { thread: false });
  const open = root.ts === mine.thread;
  const fresh = !open && (mine.seen.get(root.ts) ?? "") < newest(root);
  const count = replies(root.ts).length;
  const look = () => set({ thread: root.ts, editing: "" });
  const onclick = (event) => {
    if (!event.target.closest("button, a, select, input, textarea")) look();
  };
  return html`<div class="root ${open ? "open" : ""}" @click=${onclick}>
    ${message(root, { thread: false })}
    <button type="button" class="thread-link" aria-expanded=${open} @click=${look}>
      ${fresh ? html`<span class="dot"></span><span class="sr">New: </span>` : nothing}
      ${count ? `${count} ${count === 1 ? "reply" : "replies"}, last ${clock(newest(root))}` : "Open thread"}
    </button>
  </div>`;
}

function thread(me) {
  const root = one("message", mine.thread);
  if (!root) return html`<aside class="thread empty"><p class="quiet">No thread is open.</p></aside>`;
  const below = replies(root.ts);
  const to = `/agents/${me.id}`;
  const place = `?thread=${root.ts}&name=`;
  const upload = (file) => sendPicture(`${to}/picture${place}${encodeURIComponent(file.name)}`, file);
  return html`<aside class="thread" aria-label="Thread">
    <h3>Thread</h3>
    <div class="messages" id="thread" role="log" aria-label="Messages of the thread" tabindex="0">
      ${message(root, { thread: true })}
      <p class="count">${below.length} ${below.length === 1 ? "reply" : "replies"}</p>
      ${below.map((reply) => message(reply, { thread: true }))}
    </div>
    ${composer({
      id: "agent-text",
      label: `Answer as ${me.name} (// keeps it internal)`,
      send: (text) => act(`${to}/reply`, { thread: root.ts, text }),
      picture: upload,
      extras: html`<button type="button" @click=${async () => upload(await samplePhoto())}>Photo</button>`,
    })}
  </aside>`;
}
