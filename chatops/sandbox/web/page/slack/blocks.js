// Block Kit as Slack's client shows it.

import { html, nothing } from "/vendor/lit-html.js";
import { heard, press } from "../acts.js";
import { mine, set } from "../mine.js";
import { emoji, link, plain, rich, textObject } from "./words.js";

/** The blocks of a message; pressing speaks for the agent whose screen this is. */
export const blocks = (message) => message.blocks.map((block) => shape(block, message));

function shape(block, message) {
  switch (block.type) {
    case "header":
      return html`<h3 class="b-header" dir="auto">${plain(block.text.text)}</h3>`;
    case "section":
      return section(block, message);
    case "context":
      return html`<div class="b-context">${block.elements.map(small)}</div>`;
    case "rich_text":
      return html`<div class="b-rich">${block.elements.map(richPart)}</div>`;
    case "actions":
      return html`<div class="b-actions">${block.elements.map((element) => control(element, message))}</div>`;
    case "image":
      return html`<figure class="b-image">
        ${block.title ? html`<figcaption dir="auto">${plain(block.title.text)}</figcaption>` : nothing}${picture(block)}
      </figure>`;
    case "divider":
      return html`<hr class="b-divider" />`;
    case "markdown":
      return html`<div class="b-text" dir="auto">${block.text}</div>`;
    default:
      return html`<p class="b-unknown">(${block.type}: not drawn on this page)</p>`;
  }
}

function section(block, message) {
  const text = block.text ? html`<div class="b-text" dir="auto">${textObject(block.text)}</div>` : nothing;
  const fields = block.fields?.map((field) => html`<div class="b-text" dir="auto">${textObject(field)}</div>`);
  const beside = block.accessory;
  return html`<div class="b-section">
    <div class="b-words">${text}${fields ? html`<div class="b-fields">${fields}</div>` : nothing}</div>
    ${beside ? (beside.type === "image" ? picture(beside) : control(beside, message)) : nothing}
  </div>`;
}

const small = (element) =>
  element.type === "image" ? picture(element) : html`<span class="b-text" dir="auto">${textObject(element)}</span>`;

function richPart(part) {
  switch (part.type) {
    case "rich_text_quote":
      return html`<blockquote class="b-text" dir="auto">${rich(part.elements)}</blockquote>`;
    case "rich_text_preformatted":
      return html`<pre class="code" dir="auto">${rich(part.elements)}</pre>`;
    case "rich_text_list": {
      const items = part.elements.map((item) => html`<li class="b-text" dir="auto">${rich(item.elements)}</li>`);
      return part.style === "ordered" ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    default:
      return html`<div class="b-text" dir="auto">${rich(part.elements)}</div>`;
  }
}

/** A picture by Slack file or by address; addresses outside this machine are named, not loaded. */
function picture(element) {
  const source = address(element);
  if (!source) return html`<span class="b-nopicture">🖼 ${element.alt_text}</span>`;
  return html`<img class="b-picture" src=${source} alt=${element.alt_text} loading="lazy" />`;
}

function address({ slack_file: file, image_url: url }) {
  const id = file?.id ?? /\/files-pri\/\w+-(\w+)\//.exec(file?.url ?? url ?? "")?.[1];
  if (id) return `/files/${encodeURIComponent(id)}`;
  const hosted = /^http:\/\/127\.0\.0\.1:\d+(\/pictures\/[\w.]+)$/.exec(url ?? "");
  return hosted?.[1];
}

const keyOf = (element, message) => `${message.ts}/${element.action_id}`;

async function pressed(message, element, option) {
  const pressing = { ts: message.ts, action: element.action_id, option };
  const answer = await press(keyOf(element, message), `/agents/${mine.agent}/press`, pressing);
  if (answer?.acked) heard(element.action_id);
}

function control(element, message) {
  const busy = mine.busy.has(keyOf(element, message));
  if (element.type === "button") return button(element, message, busy);
  if (element.options) return menu(element, message, busy);
  return html`<span class="b-unknown">(${element.type}: not drawn on this page)</span>`;
}

function button(element, message, busy) {
  const label = plain(element.text.text);
  if (element.url) return html`<span class="button">${link(element.url, label)}</span>`;
  return html`<button
    type="button"
    class="button ${element.style ?? ""}"
    aria-label=${element.accessibility_label ?? nothing}
    ?disabled=${busy}
    @click=${() => confirmed(element, () => pressed(message, element))}
  >
    ${label}
  </button>`;
}

function menu(element, message, busy) {
  const chosen = (event) => {
    const value = event.target.value;
    event.target.value = "";
    confirmed(element, () => pressed(message, element, value));
  };
  const title = element.placeholder ? plain(element.placeholder.text) : "⋯";
  return html`<select class="button" aria-label=${title} ?disabled=${busy} @change=${chosen}>
    <option value="" selected disabled>${title}</option>
    ${element.options.map((option) => html`<option value=${option.value}>${plain(option.text.text)}</option>`)}
  </select>`;
}

function confirmed(element, go) {
  if (!element.confirm) return go();
  return set({ asking: { confirm: element.confirm, go } });
}

/** Reactions under a message; pressing one adds or takes back one's own. */
export function reactions(message, toggle) {
  if (!message.reactions?.length) return nothing;
  return html`<div class="reactions">
    ${message.reactions.map(
      ({ name, users, count }) => html`<button
        type="button"
        class="reaction"
        data-name=${name}
        aria-pressed=${users.includes(mine.agent)}
        aria-label="${name.replaceAll("_", " ")}, ${count}"
        @click=${() => toggle(name, !users.includes(mine.agent))}
      >
        ${emoji(name)} <span>${count}</span>
      </button>`,
    )}
  </div>`;
}
