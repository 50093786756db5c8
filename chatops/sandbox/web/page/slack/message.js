// One message in Slack, with what its reader may do to it.

import { html, nothing } from "/vendor/lit-html.js";
import { act, press } from "../acts.js";
import { blocks, reactions } from "./blocks.js";
import { composer } from "../composer.js";
import { tone } from "../faces.js";
import { one } from "../live.js";
import { mine, set } from "../mine.js";
import { clock, emoji, mrkdwn, typedText } from "./words.js";

const OFFERED = ["eyes", "white_check_mark", "alarm_clock", "rotating_light", "package"];

/** `thread` says whether it is drawn in the thread, where it can be edited and reacted to. */
export function message(it, { thread }) {
  const author = one("person", it.user);
  const name = it.username ?? author?.name ?? "?";
  const editing = thread && mine.editing === it.ts;
  return html`<article class="message ${it.only_for ? "private" : ""}" data-ts=${it.ts}>
    ${it.only_for ? html`<p class="only-you">👁 Only you can see this</p>` : nothing}
    <span class="face ${it.bot_id ? "app" : tone(it.user)}" aria-hidden="true">${it.bot_id ? "🤖" : name[0]}</span>
    <div class="message-main">
      <p class="by">
        <b dir="auto">${name}</b>${it.bot_id ? html`<span class="app-mark">APP</span>` : nothing}<time>${clock(it.ts)}</time>
      </p>
      ${editing ? editor(it) : html`${body(it)}${files(it)}`} ${reactions(it, (emoji, on) => react(it, emoji, on))}
    </div>
    ${it.only_for || editing ? nothing : tools(it, thread)}
  </article>`;
}

function body(it) {
  const edited = it.edited ? html`<span class="edited"> (edited)</span>` : nothing;
  if (it.blocks?.length) return html`<div class="body">${blocks(it)}${edited}</div>`;
  if (!it.text) return nothing;
  return html`<div class="body"><div class="b-text" dir="auto">${mrkdwn(it.text)}${edited}</div></div>`;
}

const files = (it) =>
  (it.files ?? []).map((file) =>
    file.mimetype?.startsWith("image/")
      ? html`<img class="b-picture" src="/files/${file.id}" alt=${file.alt_txt ?? file.title ?? file.name} />`
      : html`<p class="file"><a href="/files/${file.id}" download=${file.name}>📎 ${file.name}</a></p>`,
  );

const react = (it, name, on) => act(`/agents/${mine.agent}/react`, { ts: it.ts, name, on });

function tools(it, thread) {
  const own = it.user === mine.agent;
  return html`<div class="tools" role="group" aria-label="What you can do with this message">
    ${OFFERED.map((name) => {
      const on = !it.reactions?.some((given) => given.name === name && given.users.includes(mine.agent));
      const label = `${on ? "React with" : "Take back"} ${name.replaceAll("_", " ")}`;
      return html`<button type="button" aria-label=${label} title=${label} @click=${() => react(it, name, on)}>
        ${emoji(name)}
      </button>`;
    })}
    ${thread ? shortcuts(it) : nothing}
    ${own && thread && it.text ? html`<button type="button" @click=${() => startEditing(it)}>Edit</button>` : nothing}
    ${own && thread ? html`<button type="button" @click=${() => remove(it)}>Delete</button>` : nothing}
  </div>`;
}

/** What the app offers in the menu of a message. */
function shortcuts(it) {
  const offered = one("slack-app")?.shortcuts ?? [];
  if (!offered.length) return nothing;
  const chosen = ({ target }) => {
    const { value } = target;
    target.value = "";
    press(`${it.ts}/${value}`, `/agents/${mine.agent}/use`, { shortcut: value, ts: it.ts });
  };
  return html`<select aria-label="More actions" @change=${chosen}>
    <option value="" selected disabled>⋮</option>
    ${offered.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
  </select>`;
}

function startEditing(it) {
  set({ editing: it.ts });
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById("edit-text")?.focus()));
}

const remove = (it) => act(`/agents/${mine.agent}/delete`, { ts: it.ts });

function editor(it) {
  const stop = () => set({ editing: "" });
  return composer({
    id: "edit-text",
    label: "Change this message",
    value: typedText(it),
    cancel: stop,
    send: async (text) => {
      const done = await act(`/agents/${mine.agent}/edit`, { ts: it.ts, text });
      if (done) stop();
      return done;
    },
  });
}

