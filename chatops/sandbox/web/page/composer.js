// Where a person writes: Enter sends, Shift+Enter starts a new line.

import { html, nothing } from "/vendor/lit-html.js";

/** `send(text)` and `picture(file)` resolve to null when it did not work; then the words stay. */
export function composer({ id, label, send, picture, extras = nothing, value = "", cancel }) {
  const submit = async (form) => {
    const box = form.elements.text;
    const text = box.value;
    if (!text.trim()) return;
    box.value = "";
    if ((await send(text)) === null && !box.value) box.value = text;
  };
  const onsubmit = (event) => {
    event.preventDefault();
    submit(event.target);
  };
  const onkeydown = (event) => {
    if (event.key === "Escape" && cancel) cancel();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(event.target.form);
  };
  const onfile = async ({ target }) => {
    const [file] = target.files;
    if (file) await picture(file);
    target.value = "";
  };
  return html`<form class="composer" @submit=${onsubmit}>
    <label class="sr" for=${id}>${label}</label>
    <div class="composer-row">
      <textarea id=${id} name="text" rows="1" dir="auto" placeholder=${label} .defaultValue=${value} @keydown=${onkeydown}></textarea>
      ${cancel ? html`<button type="button" @click=${cancel}>Cancel</button>` : nothing}
      <button type="submit" class="send">${cancel ? "Save" : "Send"}</button>
    </div>
    <div class="composer-row extras">
      ${extras}
      ${picture
        ? html`<label class="upload" title="Send a picture of your own"
            >Upload…<input type="file" class="sr" accept="image/png,image/jpeg,image/gif,image/webp" @change=${onfile}
          /></label>`
        : nothing}
    </div>
  </form>`;
}
