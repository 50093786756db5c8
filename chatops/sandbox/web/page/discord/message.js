// One message in Discord, with what its reader may do to it.

import { html, nothing } from "/vendor/lit-html.js";
import { act, press } from "../acts.js";
import { composer } from "../composer.js";
import { tone } from "../faces.js";
import { one } from "../live.js";
import { mine, set } from "../mine.js";
import { onMessages } from "./commands.js";
import { controls, embeds, files } from "./embeds.js";
import { clock, inline, markdown, nameOf, typedText } from "./markdown.js";

const OFFERED = ["👀", "✅", "⏰", "🚨", "📦"];
const LOADING = 1 << 7;
const RENAMED = 4;
const THREAD_CREATED = 18;
const REPLY = 19;
const STARTER = 21;

/** The name an author is seen with: what speaks through a webhook brings its own. */
export const authorOf = (it) =>
  one("discord-person", it.author.id) ? nameOf(it.author.id) : (it.author.global_name ?? it.author.username);

export function message(it) {
  if (it.type === RENAMED) return line(it, `changed the title: ${it.content}`);
  if (it.type === THREAD_CREATED) return line(it, `started a thread: ${it.content}`);
  if (it.type === STARTER) {
    const head = one("discord-message", it.message_reference.message_id);
    return head ? message(head) : nothing;
  }
  const name = authorOf(it);
  const app = one("discord-person", it.author.id)?.bot;
  const editing = mine.editing === it.id;
  return html`<article class="d-message ${it.only_for ? "d-private" : ""}" data-id=${it.id}>
    ${before(it)}
    <span class="d-face ${app ? "d-app" : tone(name)}" aria-hidden="true">${app ? "🤖" : name[0]}</span>
    <div class="d-main">
      <p class="d-by">
        <b dir="auto">${name}</b>${it.author.bot ? html`<span class="d-badge">APP</span>` : nothing}
        <time>${clock(it.timestamp)}</time>
      </p>
      ${editing ? editor(it) : body(it)} ${reactions(it)} ${it.only_for ? onlyYou(it) : nothing}
    </div>
    ${it.only_for || editing ? nothing : tools(it)}
  </article>`;
}

const line = (it, words) =>
  html`<p class="d-line"><b dir="auto">${authorOf(it)}</b> ${words} <time>${clock(it.timestamp)}</time></p>`;

/** What a message answers: somebody's command, or another message. */
function before(it) {
  const asked = it.interaction_metadata;
  if (asked?.name) {
    const command = `${asked.command_type === 1 ? "/" : ""}${asked.name}`;
    return html`<p class="d-before"><b>${asked.user.global_name}</b> used <span class="d-mention">${command}</span></p>`;
  }
  if (it.type !== REPLY) return nothing;
  const answered = it.referenced_message;
  if (!answered) return html`<p class="d-before"><i>Original message was deleted</i></p>`;
  return html`<p class="d-before"><b>@${authorOf(answered)}</b> <span dir="auto">${glimpse(answered)}</span></p>`;
}

function body(it) {
  if (it.flags & LOADING) return html`<p class="d-quiet">${authorOf(it)} is thinking…</p>`;
  const edited = it.edited_timestamp && !it.author.bot ? html`<span class="d-edited">(edited)</span>` : nothing;
  const text = it.content ? html`<div class="d-text">${markdown(it.content)}${edited}</div>` : nothing;
  return html`${text}${embeds(it)}${files(it)}${controls(it)}`;
}

function onlyYou(it) {
  const dismiss = () => {
    mine.dismissed.add(it.id);
    set({});
  };
  return html`<p class="d-only-you">
    👁 Only you can see this • <button type="button" class="d-plain" @click=${dismiss}>Dismiss message</button>
  </p>`;
}

const react = (it, emoji, on) => act(`/members/${mine.member}/react`, { message: it.id, emoji, on });

function reactions(it) {
  const given = Object.entries(it.reacted ?? {});
  if (!given.length) return nothing;
  return html`<div class="d-reactions">
    ${given.map(([emoji, who]) => {
      const on = who.includes(mine.member);
      return html`<button
        type="button"
        class="d-reaction"
        aria-pressed=${on}
        aria-label="${emoji}, ${who.length}"
        @click=${() => react(it, emoji, !on)}
      >
        ${emoji} <span>${who.length}</span>
      </button>`;
    })}
  </div>`;
}

const remove = (it) => act(`/members/${mine.member}/delete`, { message: it.id });

function tools(it) {
  const own = it.author.id === mine.member;
  const commands = onMessages();
  return html`<div class="d-tools" role="group" aria-label="What you can do with this message">
    ${OFFERED.map((emoji) => {
      const on = !it.reacted?.[emoji]?.includes(mine.member);
      const label = `${on ? "React with" : "Take back"} ${emoji}`;
      return html`<button type="button" aria-label=${label} title=${label} @click=${() => react(it, emoji, on)}>
        ${emoji}
      </button>`;
    })}
    ${own && it.content ? html`<button type="button" @click=${() => startEditing(it)}>Edit</button>` : nothing}
    ${own ? html`<button type="button" @click=${() => remove(it)}>Delete</button>` : nothing}
    ${commands.length ? apps(it, commands) : nothing}
  </div>`;
}

/** What apps offer on a message, as in the menu of a right click. */
function apps(it, commands) {
  const chosen = ({ target }) => {
    const { value } = target;
    target.value = "";
    press(`${it.id}/${value}`, `/members/${mine.member}/use`, { command: value, message: it.id });
  };
  return html`<select aria-label="Apps" @change=${chosen}>
    <option value="" selected disabled>Apps</option>
    ${commands.map(({ name, label }) => html`<option value=${name}>${label}</option>`)}
  </select>`;
}

function startEditing(it) {
  set({ editing: it.id });
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById("edit-text")?.focus()));
}

function editor(it) {
  const stop = () => set({ editing: "" });
  return composer({
    id: "edit-text",
    label: "Change this message",
    value: typedText(it),
    cancel: stop,
    send: async (text) => {
      const done = await act(`/members/${mine.member}/edit`, { message: it.id, text });
      if (done) stop();
      return done;
    },
  });
}

/** The first words of a message, for lists of posts and for what is answered. */
export function glimpse(it) {
  const [embed] = it.embeds;
  if (!embed) return it.content ? inline(it.content) : it.attachments.length ? "📎" : "…";
  return inline((embed.title ?? embed.description ?? "").split("\n")[0].replace(/^(?:#+|-#|>) +/, ""));
}
