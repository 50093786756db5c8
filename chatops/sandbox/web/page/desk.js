// The right half: where the team is, in Slack or in Discord. Both are alive all the time, one of them is seen.

import { html } from "/vendor/lit-html.js";
import { discord, lookAround as lookAroundDiscord } from "./discord/window.js";
import { form } from "./discord/form.js";
import { every, one } from "./live.js";
import { mine, set } from "./mine.js";
import { dialogs as slackDialogs } from "./slack/dialogs.js";
import { lookAround as lookAroundSlack, slack } from "./slack/window.js";

const CHATS = [
  ["slack", "Slack"],
  ["discord", "Discord"],
];

/** Choose whose screen it is and what is open, where nothing is chosen yet. */
export function lookAround() {
  if (mine.chat === "slack") lookAroundSlack();
  else lookAroundDiscord();
}

export const desk = () =>
  html`<div class="desk">
    <div class="switch" role="group" aria-label="Where the team is">
      ${CHATS.map(
        ([chat, name]) =>
          html`<button type="button" aria-pressed=${chat === mine.chat} @click=${() => see(chat)}>${name}</button>`,
      )}
    </div>
    ${mine.chat === "slack" ? slack() : discord()}
  </div>`;

export const dialogs = () => (mine.chat === "slack" ? slackDialogs() : form());

/** Whoever one plays stays the same person in both. */
function see(chat) {
  const { name } = (mine.chat === "slack" ? one("person", mine.agent) : one("discord-person", mine.member)) ?? {};
  const known = (kind) => every(kind).find((person) => !person.bot && person.name === name)?.id ?? "";
  const me = chat === "slack" ? { agent: known("person") } : { member: known("discord-person") };
  set({ chat, editing: "", typed: "", ...me });
}
