// An app's form on the reader's screen.

import { html, nothing } from "/vendor/lit-html.js";
import { act, heard } from "../acts.js";
import { one } from "../live.js";
import { mine, notice } from "../mine.js";
import { markdown } from "./markdown.js";

const ROW = 1;
const SELECT = 3;
const WORDS = 10;
const LONG = 2;

export function form() {
  const shown = one("discord-form", mine.member);
  if (!shown) return nothing;
  const close = () => act(`/members/${mine.member}/close`, {});
  const oncancel = (event) => {
    event.preventDefault();
    close();
  };
  return html`<dialog class="d-dialog" aria-labelledby="form" @cancel=${oncancel}>
    <h2 id="form">${shown.title}</h2>
    <form @submit=${(event) => submit(event, shown)}>
      ${shown.components.map(part)}
      <div class="dialog-row">
        <button type="button" @click=${close}>Cancel</button>
        <button type="submit" class="primary">Submit</button>
      </div>
    </form>
  </dialog>`;
}

const needed = html`<span class="d-needed" aria-hidden="true"> *</span>`;

function part(component) {
  if (component.type === WORDS) return html`<div class="d-text">${markdown(component.content)}</div>`;
  const [label, about, inner] =
    component.type === ROW
      ? [component.components[0].label, undefined, component.components[0]]
      : [component.label, component.description, component.component];
  return html`<label class="input"
    ><span>${label}${inner.required === false ? nothing : needed}</span>
    ${about ? html`<small>${about}</small>` : nothing}${field(inner)}</label
  >`;
}

function field(inner) {
  const { custom_id: name, value = "", max_length: most = 4000, min_length: least = 0, placeholder = "" } = inner;
  const required = inner.required !== false;
  if (inner.type === SELECT) {
    return html`<select name=${name} ?required=${required}>
      ${inner.options.map(
        (option) => html`<option value=${option.value} ?selected=${option.default}>${option.label}</option>`,
      )}
    </select>`;
  }
  if (inner.style === LONG) {
    return html`<textarea
      name=${name}
      rows="5"
      dir="auto"
      minlength=${least}
      maxlength=${most}
      placeholder=${placeholder}
      ?required=${required}
      .defaultValue=${value}
    ></textarea>`;
  }
  return html`<input
    name=${name}
    dir="auto"
    minlength=${least}
    maxlength=${most}
    placeholder=${placeholder}
    ?required=${required}
    .defaultValue=${value}
  />`;
}

async function submit(event, shown) {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  const answer = await act(`/members/${mine.member}/submit`, { values });
  if (answer?.acked) heard(shown.custom_id);
  else if (answer) notice("Something went wrong. Try again.");
}
