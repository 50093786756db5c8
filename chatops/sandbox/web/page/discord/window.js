// The team's Discord: the server's channels, what stands in the open one, and the open post beside it.

import { html, nothing } from "/vendor/lit-html.js";
import { act, samplePhoto, sendPicture } from "../acts.js";
import { composer } from "../composer.js";
import { tone } from "../faces.js";
import { every, one } from "../live.js";
import { mine, set } from "../mine.js";
import { run, suggestions } from "./commands.js";
import { away } from "./markdown.js";
import { authorOf, glimpse, message } from "./message.js";

const TEXT = 0;
const FORUM = 15;

const agents = () => every("discord-person").filter((person) => !person.bot);
const isThread = ({ thread_metadata: about }) => Boolean(about);
const isOpen = (thread) => !thread.thread_metadata.archived;
const forMe = ({ id, only_for: only }) => (!only || only === mine.member) && !mine.dismissed.has(id);
const inOrder = (many) => many.sort((a, b) => (a.id < b.id ? -1 : 1));

const places = () =>
  every("discord-channel")
    .filter((channel) => !isThread(channel))
    .sort((a, b) => a.position - b.position);
const said = (channel) => inOrder(every("discord-message").filter((it) => it.channel_id === channel.id && forMe(it)));
const last = (channel) => said(channel).findLast((it) => !it.only_for);
const newest = (channel) => last(channel)?.id ?? channel.id;

const directOf = (me) => every("discord-direct").find(({ person }) => person === me.id);

/** What was written to somebody alone and was not on screen yet. */
const unread = (me) => {
  const place = directOf(me);
  return place ? said(place).filter(({ id }) => id > (mine.seen.get(place.id) ?? "")).length : 0;
};

/** The threads of a channel, those with news first. */
function threadsOf(channel) {
  const found = every("discord-channel").filter((it) => it.parent_id === channel.id && isThread(it));
  return found
    .map((it) => [newest(it), it])
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([, it]) => it);
}

/** Look at something else, or as somebody else. */
const look = (change) => set({ editing: "", typed: "", ...change });

/** Open the first forum and its newest post when nothing is open, and remember what is on screen. */
export function lookAround() {
  if (!one("discord-person", mine.member)) mine.member = agents()[0]?.id ?? "";
  if (!one("discord-channel", mine.channel)) mine.channel = places()[0]?.id ?? "";
  const here = one("discord-channel", mine.channel);
  const post = one("discord-channel", mine.post);
  if (here?.type === FORUM && post?.parent_id !== here.id) {
    const posts = threadsOf(here);
    mine.post = (posts.find(isOpen) ?? posts[0])?.id ?? "";
  }
  const open = one("discord-channel", mine.post);
  if (open) mine.seen.set(open.id, newest(open));
  const place = mine.direct && directOf({ id: mine.member });
  if (place) mine.seen.set(place.id, last(place)?.id ?? "");
}

export function discord() {
  const [here, me] = [one("discord-channel", mine.channel), one("discord-person", mine.member)];
  if (!here || !me) return nothing;
  const post = one("discord-channel", mine.post);
  return html`<section class="discord" aria-label="The team's Discord">
    <div class="d-body">
      ${side(me)}
      <div class="d-place">
        <header class="d-head"><h2>${mine.direct ? "✉️ Direct messages" : [sign(here), " ", here.name]}</h2></header>
        ${mine.direct ? direct(me) : here.type === FORUM ? forum(here) : talk(here, me)}
      </div>
      ${post ? thread(post, me) : html`<aside class="d-thread d-empty"><p class="quiet">No post is open.</p></aside>`}
    </div>
  </section>`;
}

const sign = ({ type }) => html`<span class="d-sign" aria-hidden="true">${type === FORUM ? "💬" : "#"}</span>`;

const isNew = (channel) => channel.id !== mine.post && (mine.seen.get(channel.id) ?? "") < newest(channel);

function side(me) {
  return html`<nav class="d-side" aria-label="Channels">
    <h2 class="d-server">${one("discord").name}</h2>
    <ul>
      <li>
        <button type="button" class="d-channel" aria-current=${mine.direct} @click=${() => look({ direct: true })}>
          ✉️ Direct messages${unread(me) ? html` <b class="count-new">${unread(me)}</b><span class="sr"> new</span>` : nothing}
        </button>
      </li>
      ${places().map(
        (place) => html`<li>
          <button
            type="button"
            class="d-channel"
            aria-current=${!mine.direct && place.id === mine.channel}
            @click=${() => look({ channel: place.id, post: "", direct: false })}
          >
            ${sign(place)} ${place.name}
          </button>
        </li>`,
      )}
    </ul>
    <div class="d-me">
      <span class="d-face ${tone(me.name)}" aria-hidden="true">${me.name[0]}</span>
      <div class="switch" role="group" aria-label="Whose Discord">
        ${agents().map(
          ({ id, name }) =>
            html`<button type="button" aria-pressed=${id === mine.member} @click=${() => look({ member: id })}>
              ${name}
            </button>`,
        )}
      </div>
    </div>
  </nav>`;
}

function tags(post) {
  const known = one("discord-channel", post.parent_id)?.available_tags ?? [];
  return known
    .filter(({ id }) => post.applied_tags?.includes(id))
    .map(({ name, emoji_name: emoji }) => html`<span class="d-tag">${emoji ?? nothing} ${name}</span>`);
}

function forum(here) {
  const posts = threadsOf(here);
  const [open, old] = [posts.filter(isOpen), posts.filter((post) => !isOpen(post))];
  if (!posts.length) return html`<p class="quiet">When a buyer writes, a post appears here.</p>`;
  return html`<div class="d-posts" role="log" aria-label="Posts" tabindex="0">
    ${open.map(entry)} ${old.length ? html`<h3>Older posts</h3>` : nothing} ${old.map(entry)}
  </div>`;
}

function entry(post) {
  const it = last(post);
  const news = isNew(post) ? html`<span class="d-dot"></span><span class="sr">New: </span>` : nothing;
  const open = post.id === mine.post;
  return html`<button type="button" class="d-entry" aria-expanded=${open} @click=${() => look({ post: post.id })}>
    <span class="d-tags">${tags(post)}</span>
    <b dir="auto">${news}${post.name}</b>
    ${it ? html`<span class="d-glimpse" dir="auto">${authorOf(it)}: ${glimpse(it)}</span>` : nothing}
    <small>💬 ${post.message_count}${it ? html` • ${away(new Date(it.timestamp))}` : nothing}</small>
  </button>`;
}

/** What the bot wrote to one person alone. */
function direct(me) {
  const place = directOf(me);
  const found = place ? said(place) : [];
  return html`<div class="d-messages" id="direct" role="log" aria-label="Direct messages" tabindex="0">
    ${found.length
      ? found.map(message)
      : html`<p class="quiet">Whoever is on call is written to here. Nobody wrote to ${me.name} yet.</p>`}
  </div>`;
}

/** What stands in a text channel, with the threads on it. */
function talk(here, me) {
  return html`<div class="d-messages" id="channel" role="log" aria-label="Channel" tabindex="0">
      ${said(here).map((it) => [message(it), it.thread ? below(it.thread) : nothing])}
    </div>
    ${writing(here, me, "channel-text")}`;
}

const below = (thread) =>
  html`<button
    type="button"
    class="d-below"
    aria-expanded=${thread.id === mine.post}
    @click=${() => look({ post: thread.id })}
  >
    <b dir="auto">${thread.name}</b> ${thread.message_count} ${thread.message_count === 1 ? "message" : "messages"} ›
  </button>`;

function thread(post, me) {
  const about = post.thread_metadata;
  const state = about.locked ? "🔒 Locked" : about.archived ? "🗄 Closed" : "";
  return html`<aside class="d-thread" aria-label="Post">
    <header class="d-head">
      <h2 dir="auto">${post.name}</h2>
      <span class="d-tags">${tags(post)}${state ? html`<span class="d-tag d-state">${state}</span>` : nothing}</span>
    </header>
    <div class="d-messages" id="thread" role="log" aria-label="Messages of the post" tabindex="0">
      ${said(post).map(message)}
    </div>
    ${writing(post, me, "member-text")}
  </aside>`;
}

function writing(channel, me, id) {
  const to = `/members/${me.id}`;
  const place = `?channel=${channel.id}&name=`;
  const upload = (file) => sendPicture(`${to}/picture${place}${encodeURIComponent(file.name)}`, file);
  const typing = ({ target }) => {
    if (target.name === "text") set({ typed: id === "member-text" ? target.value : "" });
  };
  const send = (text) => {
    set({ typed: "" });
    return run(channel, text) ?? act(`${to}/post`, { channel: channel.id, text });
  };
  return html`<div class="d-writing" @input=${typing}>
    ${id === "member-text" ? suggestions(channel) : nothing}
    ${composer({
      id,
      label: channel.thread_metadata ? `Answer as ${me.name} (// keeps it internal)` : `Message #${channel.name}`,
      send,
      picture: upload,
      extras: html`<button type="button" @click=${async () => upload(await samplePhoto())}>Photo</button>`,
    })}
  </div>`;
}
