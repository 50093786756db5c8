// The commands that apps registered, in the language of the reader's client, and the list that opens with a slash.

import { html, nothing } from "/vendor/lit-html.js";
import { press } from "../acts.js";
import { every, one } from "../live.js";
import { mine, set } from "../mine.js";

const SLASH = 1;
const ON_MESSAGE = 3;
const GROUP = 2; // and 1: sub-commands

const locale = () => one("discord-person", mine.member)?.locale;
const inMine = (many, otherwise) => many?.[locale()] ?? otherwise;
const named = (it) => inMine(it.name_localizations, it.name);

/** What apps offer on a message: `name` is the app's, `label` the reader's. */
export const onMessages = () =>
  every("discord-command")
    .filter((command) => command.type === ON_MESSAGE)
    .map((command) => ({ name: command.name, label: named(command) }));

/** Every command that can be typed, sub-commands one by one: `line` is the app's, `label` the reader's. */
function typeable(command, line = "/", label = "/") {
  const own = { line: line + command.name, label: label + named(command) };
  const inner = (command.options ?? []).filter((option) => option.type <= GROUP);
  if (inner.length) return inner.flatMap((option) => typeable(option, `${own.line} `, `${own.label} `));
  const options = (command.options ?? []).map((option) => named(option) + (option.required ? "" : "?"));
  return [{ ...own, options, about: inMine(command.description_localizations, command.description) }];
}

const slashes = () => every("discord-command").filter((one) => one.type === SLASH).flatMap((command) => typeable(command));

const begins = (text, known) => text === known || text.startsWith(`${known} `);

/** The command that a text runs, and what it says after it; undefined for a text that is none. */
function meant(text) {
  for (const command of slashes()) {
    const typed = [command.line, command.label].find((known) => begins(text, known));
    if (typed) return { command, rest: text.slice(typed.length) };
  }
  return undefined;
}

const offered = (text) =>
  text.startsWith("/") && !text.includes("\n")
    ? slashes().filter(({ line, label }) => [line, label].some((known) => known.startsWith(text) || begins(text, known)))
    : [];

/** Run what was typed; undefined when it is no command. A name that is only begun is completed instead. */
export function run(channel, text) {
  const found = meant(text);
  if (found) {
    const line = found.command.line + found.rest;
    return press(`${channel.id}${line}`, `/members/${mine.member}/run`, { channel: channel.id, line });
  }
  const [first] = offered(text);
  if (!first) return undefined;
  complete(first);
  return Promise.resolve({});
}

/** The list above the composer, while a command is being typed. */
export function suggestions() {
  const found = offered(mine.typed);
  if (!found.length) return nothing;
  return html`<ul class="d-commands" aria-label="Commands">
    ${found.map(
      (command) =>
        html`<li><button type="button" class="d-plain" @click=${() => complete(command)}>
          <b>${command.label}</b> ${command.options.map((option) => html`<span class="d-option">${option}</span>`)}
          <small>${command.about}</small>
        </button></li>`,
    )}
  </ul>`;
}

function complete(command) {
  const box = document.getElementById("member-text");
  box.value = command.label + (command.options.length ? " " : "");
  box.focus();
  set({ typed: box.value });
}
