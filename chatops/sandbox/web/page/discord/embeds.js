// What apps put below their words: embeds, buttons and menus, as Discord's client shows them.

import { html, nothing } from "/vendor/lit-html.js";
import { heard, press } from "../acts.js";
import { mine } from "../mine.js";
import { inline, link, markdown } from "./markdown.js";

const STYLES = { 1: "d-first", 2: "", 3: "d-good", 4: "d-bad", 5: "d-link" };
const ROW = 1;
const BUTTON = 2;

export const embeds = (it) =>
  it.embeds.map(
    (embed) => html`<div class="d-embed" .style=${embed.color ? `border-color: #${hex(embed.color)}` : ""}>
      <div class="d-embed-words">
        ${embed.author ? html`<p class="d-embed-author">${embed.author.name}</p>` : nothing}
        ${embed.title ? html`<h3 dir="auto">${inline(embed.title)}</h3>` : nothing}
        ${embed.description ? html`<div class="d-text">${markdown(embed.description)}</div>` : nothing}
        ${embed.fields?.length ? html`<dl>${embed.fields.map(field)}</dl>` : nothing}
        ${embed.image ? picture(embed.image.url, "") : nothing}
        ${embed.footer ? html`<small>${embed.footer.text}</small>` : nothing}
      </div>
      ${embed.thumbnail ? html`<div class="d-thumbnail">${picture(embed.thumbnail.url, "")}</div>` : nothing}
    </div>`,
  );

const hex = (color) => color.toString(16).padStart(6, "0");

const field = ({ name, value, inline: beside }) =>
  html`<div class=${beside ? "d-beside" : ""}>
    <dt dir="auto">${inline(name)}</dt>
    <dd class="d-text">${markdown(value)}</dd>
  </div>`;

export const files = (it) =>
  it.attachments
    .filter((file) => !it.embeds.some((embed) => embed.image?.url === file.url || embed.thumbnail?.url === file.url))
    .map((file) =>
      file.content_type.startsWith("image/")
        ? picture(file.url, file.description ?? file.filename)
        : html`<p class="d-file"><a href=${address(file.url)} download=${file.filename}>📎 ${file.filename}</a></p>`,
    );

/** Pictures of the server come by this page; what lies elsewhere is named, not loaded. */
function picture(url, words) {
  const source = address(url);
  if (!source) return html`<p class="d-quiet">🖼 ${words || url}</p>`;
  return html`<img class="d-picture" src=${source} alt=${words || "Picture"} loading="lazy" />`;
}

const address = (url) => /^http:\/\/127\.0\.0\.1:\d+(\/attachments\/\d+)\//.exec(url)?.[1];

/** Rows of buttons and menus; pressing speaks for the member whose screen this is. */
export const controls = (it) =>
  it.components
    .filter((row) => row.type === ROW)
    .map((row) => html`<div class="d-row">${row.components.map((one) => control(one, it))}</div>`);

const control = (one, it) => (one.type === BUTTON ? button(one, it) : menu(one, it));

const keyOf = (it, control) => `${it.id}/${control.custom_id}`;

function button(one, it) {
  const label = html`${one.emoji ? html`<span aria-hidden="true">${one.emoji.name}</span>` : nothing} ${one.label}`;
  if (one.url) return html`<span class="d-button d-link">${link(one.url, label)} ↗</span>`;
  const busy = one.disabled || mine.busy.has(keyOf(it, one));
  const look = `d-button ${STYLES[one.style]}`;
  return html`<button type="button" class=${look} ?disabled=${busy} @click=${() => pressed(it, one)}>${label}</button>`;
}

function menu(one, it) {
  const chosen = ({ target }) => {
    const { value } = target;
    target.value = "";
    pressed(it, one, value);
  };
  const title = one.placeholder ?? "Make a selection";
  return html`<select class="d-menu" aria-label=${title} ?disabled=${mine.busy.has(keyOf(it, one))} @change=${chosen}>
    <option value="" selected disabled>${title}</option>
    ${one.options.map((option) => html`<option value=${option.value}>${option.label}</option>`)}
  </select>`;
}

async function pressed(it, one, option) {
  const pressing = { message: it.id, control: one.custom_id, option };
  const answer = await press(keyOf(it, one), `/members/${mine.member}/press`, pressing);
  if (answer?.acked) heard(one.custom_id);
}
