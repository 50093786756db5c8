// Slack's text as readers see it: mrkdwn, emoji, mentions, and instants in the reader's own zone and language.
// Everything ends as text in templates, which escape it: nothing a person wrote can become markup of this page.

import { html, nothing } from "/vendor/lit-html.js";
import { now, one } from "../live.js";
import { mine } from "../mine.js";

const INLINE = new RegExp(
  [
    "<(?<angle>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    "(?<![\\w*])\\*(?<bold>\\S(?:[^*\\n]*\\S)?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>\\S(?:[^_\\n]*\\S)?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>\\S(?:[^~\\n]*\\S)?)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+'-]+):(?:skin-tone-\\d:)?",
  ].join("|"),
  "g",
);

const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** The emoji of a short name, or the name itself. */
export const emoji = (name) => one("emoji")?.[name.split("::")[0]] ?? `:${name}:`;

/** Plain text in which short names may stand for emoji. */
export const plain = (text) => unescaped(text).replace(/:([a-z0-9_+'-]+):/g, (whole, name) => one("emoji")?.[name] ?? whole);

/** The text of a message as its author typed it, for editing. */
export const typedText = (message) =>
  plain(message.text ?? "").replace(/<(@|#|!)?([^<>|]+)(?:\|([^<>]+))?>/g, (_, sign, id, label) =>
    sign === "@" ? `@${nameOf(id)}` : sign ? `${sign === "#" ? "#" : "@"}${label ?? id}` : id,
  );

export const nameOf = (id) => one("person", id)?.name ?? id ?? "?";

/** A text object of a block. */
export const textObject = (object) => (object?.type === "mrkdwn" ? mrkdwn(object.text) : plain(object?.text ?? ""));

/** Slack's markup as templates. */
export function mrkdwn(text) {
  return text.split("```").map((piece, place) => {
    if (place % 2) return html`<pre class="code">${unescaped(piece.replace(/^\n|\n$/g, ""))}</pre>`;
    return quotesAndLines(piece);
  });
}

function quotesAndLines(text) {
  const parts = [];
  for (const line of text.split("\n")) {
    const quoted = /^(&gt;|>) ?/.exec(line);
    const last = parts.at(-1);
    const content = quoted ? line.slice(quoted[0].length) : line;
    if (last && last.quoted === Boolean(quoted)) last.lines.push(content);
    else parts.push({ quoted: Boolean(quoted), lines: [content] });
  }
  return parts.map(({ quoted, lines }) => {
    const content = inline(lines.join("\n"));
    return quoted ? html`<blockquote dir="auto">${content}</blockquote>` : content;
  });
}

function inline(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    parts.push(unescaped(text.slice(end, found.index)), piece(found));
    end = found.index + found[0].length;
  }
  parts.push(unescaped(text.slice(end)));
  return parts;
}

function piece({ 0: whole, groups }) {
  if (groups.angle) return angle(groups.angle);
  if (groups.code) return html`<code>${unescaped(groups.code)}</code>`;
  if (groups.bold) return html`<b>${inline(groups.bold)}</b>`;
  if (groups.italic) return html`<i>${inline(groups.italic)}</i>`;
  if (groups.strike) return html`<s>${inline(groups.strike)}</s>`;
  return one("emoji")?.[groups.emoji] ?? whole;
}

function angle(inside) {
  const [target, label] = splitOnce(inside, "|");
  if (target.startsWith("@")) return mention(`@${nameOf(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label ?? one("channel", target.slice(1))?.name ?? target.slice(1)}`);
  if (target.startsWith("!date^")) return dateMarkup(target, label);
  if (target.startsWith("!")) return mention(label ?? `@${target.slice(1).split("^")[0]}`);
  return link(unescaped(target), label === undefined ? undefined : unescaped(label));
}

function splitOnce(text, sign) {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

export const mention = (text) => html`<span class="mention">${text}</span>`;

export function link(url, label) {
  if (!/^(https?:|mailto:)/i.test(url)) return label ?? url;
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${label ?? url}</a>`;
}

function dateMarkup(target, fallback) {
  const [, seconds, format] = target.split("^");
  return moment(Number(seconds), format, unescaped(fallback ?? ""));
}

/** An instant in Slack's date format, as the agent who looks at it would see it. */
export function moment(seconds, format, fallback = "") {
  if (!Number.isFinite(seconds)) return fallback;
  const at = new Date(seconds * 1000);
  const shown = format.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(at) ?? whole);
  return html`<time datetime=${at.toISOString()} title=${TOKENS.date_long(at) + " " + TOKENS.time_secs(at)}>${shown}</time>`;
}

const intl = (options) => (at) => {
  const reader = one("person", mine.agent);
  return new Intl.DateTimeFormat(reader?.language ?? "en", { timeZone: reader?.zone, ...options }).format(at);
};
const long = intl({ dateStyle: "full" });
const short = intl({ dateStyle: "medium" });
const TOKENS = {
  date_num: intl({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date: intl({ dateStyle: "long" }),
  date_pretty: intl({ dateStyle: "long" }),
  date_slash: intl({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date_short: short,
  date_short_pretty: short,
  date_long: long,
  date_long_pretty: long,
  time: intl({ timeStyle: "short" }),
  time_secs: intl({ timeStyle: "medium" }),
  ago,
};

/** Hours and minutes of a message's ts, in the agent's zone. */
export const clock = (ts) => TOKENS.time(new Date(Number(ts) * 1000));

function ago(at) {
  const reader = new Intl.RelativeTimeFormat(one("person", mine.agent)?.language ?? "en", { numeric: "auto" });
  const seconds = Math.min(0, (at - now()) / 1000);
  if (seconds > -60) return reader.format(-Math.floor(-seconds / 10) * 10, "second");
  if (seconds > -3600) return reader.format(Math.ceil(seconds / 60), "minute");
  if (seconds > -86400) return reader.format(Math.ceil(seconds / 3600), "hour");
  return reader.format(Math.ceil(seconds / 86400), "day");
}

/** Elements of a rich_text block; its texts are never parsed. */
export function rich(elements) {
  return elements.map((element) => {
    const shown = richPiece(element);
    const { bold, italic, strike, code } = element.style ?? {};
    const struck = strike ? html`<s>${shown}</s>` : shown;
    const leaning = italic ? html`<i>${struck}</i>` : struck;
    const strong = bold ? html`<b>${leaning}</b>` : leaning;
    return code ? html`<code>${strong}</code>` : strong;
  });
}

function richPiece(element) {
  switch (element.type) {
    case "text":
      return element.text;
    case "emoji":
      return emoji(element.name);
    case "link":
      return link(element.url, element.text);
    case "user":
      return mention(`@${nameOf(element.user_id)}`);
    case "channel":
      return mention(`#${one("channel", element.channel_id)?.name ?? element.channel_id}`);
    case "usergroup":
      return mention(`@${element.usergroup_id}`);
    case "broadcast":
      return mention(`@${element.range}`);
    case "date":
      return moment(element.timestamp, element.format, element.fallback);
    default:
      return element.value ?? nothing;
  }
}
