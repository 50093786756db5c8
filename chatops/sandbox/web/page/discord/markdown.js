// Discord's text as readers see it: markdown, mentions, and instants in the reader's own language.
// Everything ends as text in templates, which escape it: nothing a person wrote can become markup of this page.

import { html } from "/vendor/lit-html.js";
import { now, one } from "../live.js";
import { mine } from "../mine.js";

const TEXT = "(?:\\\\.|[^\\\\])";
const INLINE = new RegExp(
  [
    "\\\\(?<escaped>[^\\w\\s])",
    "`(?<code>[^`\\n]+)`",
    "<t:(?<instant>-?\\d+)(?::(?<style>[tTdDfFR]))?>",
    "<@!?(?<person>\\d+)>",
    "<@&(?<role>\\d+)>",
    "<#(?<channel>\\d+)>",
    "</(?<command>[^:>]+):\\d+>",
    "\\[(?<label>(?:\\\\.|[^\\[\\]\\\\])+)\\]\\(<?(?<target>https?:[^\\s<>)]+)>?\\)",
    "<?(?<url>https?://[^\\s<>]+)>?",
    `\\*\\*(?<bold>${TEXT}+?)\\*\\*`,
    `__(?<under>${TEXT}+?)__`,
    "\\*(?<italic>(?:\\\\.|[^\\\\*\\n])+)\\*",
    "(?<!\\w)_(?<slanted>(?:\\\\.|[^\\\\_\\n])+)_(?!\\w)",
    `~~(?<strike>${TEXT}+?)~~`,
    `\\|\\|(?<spoiler>${TEXT}+?)\\|\\|`,
  ].join("|"),
  "gs",
);
const HEADING = /^(#{1,3}|-#) +(?=\S)/;
const QUOTE = /^> ?/;
const ITEM = /^\s*(?:[-*]|\d+\.) +(?=\S)/;

/** A whole text with its lines: headings, quotes, lists, code. */
export const markdown = (text) =>
  text
    .split("```")
    .map((piece, place) => (place % 2 ? code(piece) : lines(piece)));

const code = (text) => html`<pre class="d-code">${text.replace(/^\w*\n|\n$/g, "")}</pre>`;

function lines(text) {
  const groups = [];
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const kind = HEADING.exec(line)?.[1] ?? (QUOTE.test(line) ? ">" : ITEM.test(line) ? "-" : "");
    const last = groups.at(-1);
    if (last?.kind === kind && !kind.includes("#")) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.map(group);
}

function group({ kind, lines: found }) {
  const without = (sign) => found.map((line) => line.replace(sign, ""));
  if (kind === ">") return html`<blockquote dir="auto">${inline(without(QUOTE).join("\n"))}</blockquote>`;
  if (kind === "-#") return html`<small dir="auto">${inline(without(HEADING)[0])}</small>`;
  if (kind.startsWith("#")) return html`<h3 dir="auto">${inline(without(HEADING)[0])}</h3>`;
  if (kind === "-") return html`<ul>${without(ITEM).map((item) => html`<li dir="auto">${inline(item)}</li>`)}</ul>`;
  return html`<p dir="auto">${inline(found.join("\n"))}</p>`;
}

/** One stretch of text without lines of a kind of their own. */
export function inline(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    parts.push(text.slice(end, found.index), piece(found));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

function piece({ groups }) {
  if (groups.escaped) return groups.escaped;
  if (groups.code) return html`<code>${groups.code}</code>`;
  if (groups.instant) return moment(Number(groups.instant), groups.style ?? "f");
  if (groups.person) return mention(`@${nameOf(groups.person)}`);
  if (groups.role) return mention("@team");
  if (groups.channel) return mention(`#${one("discord-channel", groups.channel)?.name ?? "unknown"}`);
  if (groups.command) return mention(`/${groups.command}`);
  if (groups.target) return link(groups.target, inline(groups.label));
  if (groups.url) return link(groups.url, groups.url);
  if (groups.bold) return html`<b>${inline(groups.bold)}</b>`;
  if (groups.under) return html`<u>${inline(groups.under)}</u>`;
  if (groups.strike) return html`<s>${inline(groups.strike)}</s>`;
  if (groups.spoiler) return html`<span class="d-spoiler" tabindex="0">${inline(groups.spoiler)}</span>`;
  return html`<i>${inline(groups.italic ?? groups.slanted)}</i>`;
}

export const nameOf = (id) => one("discord-person", id)?.name ?? "unknown";

const mention = (text) => html`<span class="d-mention">${text}</span>`;

export const link = (url, label) => html`<a href=${url} target="_blank" rel="noopener noreferrer">${label}</a>`;

/** The text of a message as its author typed it, for editing. */
export const typedText = (it) => it.content.replace(/<@!?(\d+)>/g, (_, id) => `@${nameOf(id)}`);

const locale = () => one("discord-person", mine.member)?.locale ?? "en-US";
const intl = (options) => (at) => new Intl.DateTimeFormat(locale(), options).format(at);
const STYLES = {
  t: intl({ timeStyle: "short" }),
  T: intl({ timeStyle: "medium" }),
  d: intl({ dateStyle: "short" }),
  D: intl({ dateStyle: "long" }),
  f: intl({ dateStyle: "long", timeStyle: "short" }),
  F: intl({ dateStyle: "full", timeStyle: "short" }),
  R: away,
};

/** An instant as the reader's client shows it; hovering tells it in full. */
export function moment(seconds, style) {
  const at = new Date(seconds * 1000);
  return html`<time class="d-moment" datetime=${at.toISOString()} title=${STYLES.F(at)}>${STYLES[style](at)}</time>`;
}

/** Hours and minutes of a message. */
export const clock = (iso) => STYLES.t(new Date(iso));

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "2 minutes ago", "in an hour". */
export function away(at) {
  const seconds = (at - now()) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}
