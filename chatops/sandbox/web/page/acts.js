// What the visitor does, sent to the server. Every act resolves to the answer, or to null after saying what went wrong.

import { mine, notice, redraw } from "./mine.js";

const NOT_HEARD = "The app did not answer. Is the product running?";

const post = (path, body, type) => fetch(path, { method: "POST", body, headers: { "Content-Type": type } });

async function answerOf(asked) {
  try {
    const answer = await asked;
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) return body;
    notice(body.error ?? `The worlds answered ${answer.status}.`);
  } catch {
    notice("The worlds do not answer. Is the demo still running?");
  }
  return null;
}

export const act = (path, body) => answerOf(post(path, JSON.stringify(body), "application/json"));

export const sendPicture = (path, file) => answerOf(post(path, file, file.type || "application/octet-stream"));

/** Fetch the sample photo, for visitors who have none at hand. */
export async function samplePhoto() {
  const answer = await fetch("/page/art/parcel.png");
  return new File([await answer.blob()], "parcel.png", { type: "image/png" });
}

/** Remember what a press that the app has heard was about: `undo` for `undo:…`, however many stand in one message. */
export function heard(name) {
  mine.pressed.add(/^\??(\w*)/.exec(name)[1]);
  redraw();
}

/** Press a button, choose in a menu, run a command: `key` is busy until the app has answered. */
export async function press(key, path, body) {
  if (mine.busy.has(key)) return null;
  mine.busy.add(key);
  redraw();
  const answer = await act(path, body);
  mine.busy.delete(key);
  if (answer && !answer.acked) notice(NOT_HEARD);
  redraw();
  return answer;
}
