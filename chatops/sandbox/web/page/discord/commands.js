// The commands that apps registered, in the language of the reader's client, and the list that opens with a slash.

import { html, nothing } from "/vendor/lit-html.js";
import { act, press } from "../acts.js";
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
  return [{ ...own, options, first: command.options?.[0], about: inMine(command.description_localizations, command.description) }];
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
    const said = found.rest.trim();
    const line = `${found.command.line} ${mine.meant.get(said) ?? said}`.trim();
    return press(`${channel.id}${line}`, `/members/${mine.member}/run`, { channel: channel.id, line });
  }
  const [first] = offered(text);
  if (!first) return undefined;
  complete(first);
  return Promise.resolve({});
}

/** What there is to choose from for the command being typed; what the app has to say is asked for once for each text. */
function choices(channel) {
  const { command, rest } = meant(mine.typed) ?? {};
  const option = command?.first;
  if (!option || !rest?.startsWith(" ")) return [];
  const said = rest.trim();
  if (option.autocomplete) {
    if (mine.suggested.asked !== mine.typed) ask(channel, command, option, said);
    return mine.suggested.choices;
  }
  const known = (option.choices ?? []).map((one) => ({ ...one, name: named(one) }));
  return known.filter(({ name }) => name.toLowerCase().includes(said.toLowerCase()) && name !== said);
}

async function ask(channel, command, option, text) {
  const asked = mine.typed;
  mine.suggested = { asked, choices: mine.suggested.choices };
  const body = { channel: channel.id, line: command.line, option: option.name, text };
  const answer = await act(`/members/${mine.member}/suggest`, body);
  if (mine.suggested.asked === asked) set({ suggested: { asked, choices: answer?.choices ?? [] } });
}

function choose(command, { name, value }) {
  mine.meant.set(name, value);
  fill(`${command.label} ${name}`);
}

/** The list above the composer, while a command is being typed. */
export function suggestions(channel) {
  const chosen = choices(channel);
  if (chosen.length) {
    const { command } = meant(mine.typed);
    return html`<ul class="d-commands" aria-label="Choices">
      ${chosen.map(
        (one) => html`<li><button type="button" class="d-plain" @click=${() => choose(command, one)}>${one.name}</button></li>`,
      )}
    </ul>`;
  }
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

const complete = (command) => fill(command.label + (command.options.length ? " " : ""));

function fill(text) {
  const box = document.getElementById("member-text");
  box.value = text;
  box.focus();
  set({ typed: text });
}
