// The head of the page: what this is, how the product is doing, what to try.

import { html, nothing } from "/vendor/lit-html.js";
import { act } from "./acts.js";
import { every, line, now, one } from "./live.js";
import { mine, set } from "./mine.js";

const STATES = {
  absent: "The product is not connected yet",
  starting: "The product is starting…",
  running: "The product is running",
  killed: "The product is dead",
};

// Where the shop is, whatever the visitor's own clock shows: the team's mornings are London's.
const PLACE = { timeZone: "Europe/London", weekday: "short", hour: "2-digit", minute: "2-digit" };
const WHEN = new Intl.DateTimeFormat("en-GB", PLACE);
const PASSING = [
  ["minute", "1 minute"],
  ["alarm", "To the next alarm"],
  ["morning", "To tomorrow morning"],
];

export function top() {
  const { state, pending } = one("product");
  return html`<header class="top">
      <div class="what">
        <h1>chatops</h1>
        <p>
          A buyer writes in TikTok Shop, your team answers in Slack or Discord. Here you play both; the real product
          works in between. Nothing leaves this machine.
        </p>
      </div>
      <div class="product" role="status">
        <span class="state ${state}">${STATES[state]}</span>
        ${line.open ? nothing : html`<span class="state killed">Reconnecting to the worlds…</span>`}
      </div>
      <div class="power">
        <button type="button" class="danger" ?disabled=${state !== "running" || pending} @click=${() => wish("kill")}>
          Kill the product
        </button>
        <button type="button" class="primary" ?disabled=${state !== "killed" || pending} @click=${() => wish("start")}>
          Start it again
        </button>
      </div>
      <div class="power" role="group" aria-label="Let time pass">
        <span class="clock">It is <time>${WHEN.format(now())}</time> in London. Let time pass:</span>
        ${PASSING.map(
          ([wanted, text]) => html`<button type="button" ?disabled=${state !== "running" || pending} @click=${() => wish(wanted)}>
            ${text}
          </button>`,
        )}
      </div>
    </header>
    ${hints()}`;
}

function wish(wanted) {
  mine.pressed.add(wanted);
  return act("/wishes", { wish: wanted });
}

const saidInSlack = () =>
  every("message")
    .filter((it) => it.thread_ts && it.thread_ts !== it.ts && !it.bot_id && !it.subtype)
    .map((it) => it.text ?? "");

const saidInDiscord = () =>
  every("discord-message")
    .filter((it) => !it.author.bot && one("discord-channel", it.channel_id)?.thread_metadata)
    .map((it) => it.content);

function hints() {
  const inDiscord = saidInDiscord();
  const answers = [...saidInSlack(), ...inDiscord].filter((text) => !text.startsWith("!"));
  const internal = answers.filter((text) => /^(\/\/|note:)/i.test(text));
  const product = one("product");
  const tries = [
    [every("said").some((it) => it.role === "BUYER"), "Write as Mia"],
    [answers.length > internal.length, "Answer it: ⏳ → ✅"],
    [mine.pressed.has("undo"), "Undo within 5 s"],
    [internal.length > 0, "// stays internal"],
    [mine.pressed.has("macro_send"), "Send a macro"],
    [mine.pressed.has("more"), "Snooze it (More…)"],
    [mine.pressed.has("alarm"), "To the next alarm: who is called?"],
    [mine.pressed.has("morning"), "To tomorrow morning: how was today?"],
    [inDiscord.length > 0, "In Discord too"],
    [mine.pressed.has("kill") && mine.pressed.has("start") && product.state === "running", "Kill it, start it again"],
  ];
  return html`<ol class="hints" aria-label="Try this">
    ${tries.map(
      ([done, text]) =>
        html`<li class=${done ? "done" : ""}><span class="tick">${done ? "✓" : ""}</span>${text}${
          done ? html`<span class="sr"> (done)</span>` : nothing
        }</li>`,
    )}
  </ol>`;
}

export const bottom = () =>
  html`<div class="notice" role="alert" ?hidden=${!mine.said}>
    ${mine.said}
    ${mine.said ? html`<button type="button" aria-label="Dismiss" @click=${() => set({ said: "" })}>✕</button>` : nothing}
  </div>`;
