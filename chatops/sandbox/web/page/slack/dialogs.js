// What opens over the page: Slack's confirmations and the app's forms.

import { html, nothing } from "/vendor/lit-html.js";
import { act, heard } from "../acts.js";
import { blocks } from "./blocks.js";
import { one } from "../live.js";
import { mine, notice, set } from "../mine.js";
import { plain, textObject } from "./words.js";

export const dialogs = () => [confirmation(), form()];

function confirmation() {
  if (!mine.asking) return nothing;
  const { confirm, go } = mine.asking;
  const close = () => set({ asking: null });
  const yes = () => {
    close();
    go();
  };
  return html`<dialog aria-labelledby="asking" @close=${close}>
    <h2 id="asking">${plain(confirm.title.text)}</h2>
    <div class="b-text" dir="auto">${textObject(confirm.text)}</div>
    <div class="dialog-row">
      <button type="button" @click=${close}>${plain(confirm.deny.text)}</button>
      <button type="button" class=${confirm.style === "danger" ? "danger" : "primary"} @click=${yes}>
        ${plain(confirm.confirm.text)}
      </button>
    </div>
  </dialog>`;
}

function form() {
  const view = one("form", mine.agent);
  if (!view) return nothing;
  const close = () => act(`/agents/${mine.agent}/close`, {});
  const oncancel = (event) => {
    event.preventDefault();
    close();
  };
  return html`<dialog aria-labelledby="form" @cancel=${oncancel}>
    <h2 id="form">${plain(view.title.text)}</h2>
    <form @submit=${(event) => submit(event, view)}>
      ${view.blocks.map((block) => (block.type === "input" ? input(block) : blocks({ blocks: [block] })))}
      <div class="dialog-row">
        <button type="button" @click=${close}>${plain(view.close?.text ?? "Cancel")}</button>
        ${view.submit ? html`<button type="submit" class="primary">${plain(view.submit.text)}</button>` : nothing}
      </div>
    </form>
  </dialog>`;
}

function input({ block_id: id, element, label, hint, optional }) {
  const name = `${id} ${element.action_id}`;
  return html`<label class="input"
    ><span>${plain(label.text)}${optional ? " (optional)" : ""}</span>
    ${field(element, name, !optional)}${hint ? html`<small>${plain(hint.text)}</small>` : nothing}</label
  >`;
}

function field(element, name, required) {
  if (element.options) {
    return html`<select name=${name} ?required=${required}>
      <option value=""></option>
      ${element.options.map(
        (option) =>
          html`<option value=${option.value} ?selected=${option.value === element.initial_option?.value}>
            ${plain(option.text.text)}
          </option>`,
      )}
    </select>`;
  }
  const most = element.max_length ?? 3000;
  const value = element.initial_value ?? "";
  if (element.multiline) {
    return html`<textarea name=${name} rows="5" dir="auto" maxlength=${most} ?required=${required} .defaultValue=${value}></textarea>`;
  }
  return html`<input name=${name} dir="auto" maxlength=${most} ?required=${required} .defaultValue=${value} />`;
}

async function submit(event, view) {
  event.preventDefault();
  const values = {};
  for (const [name, given] of new FormData(event.target)) {
    const [block, action] = name.split(" ");
    values[block] = { [action]: given || null };
  }
  const answer = await act(`/agents/${mine.agent}/submit`, { values });
  const problems = Object.values(answer?.errors ?? {});
  if (problems.length) notice(problems.join(" "));
  else if (answer && !answer.acked) notice("The app did not answer. Is the product running?");
  else if (answer) heard(view.callback_id);
}
