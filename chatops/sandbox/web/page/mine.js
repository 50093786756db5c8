// What only this browser window knows: who the visitor plays, which thread is open, what is being edited.

import { render } from "/vendor/lit-html.js";

export const mine = {
  buyer: "", // the buyer in whose hand the phone is
  chat: "slack", // where the team is seen: slack or discord
  agent: "", // whose Slack this is
  member: "", // whose Discord this is
  home: false, // whether Slack shows the app's home
  direct: false, // whether a chat shows what was written to its reader alone
  thread: "", // ts of the open thread's root
  seen: new Map(), // a thread's ts or id → newest one below it that was on screen
  channel: "", // Discord's open channel or forum
  post: "", // Discord's open post or thread
  typed: "", // what stands in Discord's composer, for its commands
  suggested: { asked: "", choices: [] }, // what the app offers for a command being typed, and for which text
  meant: new Map(), // the name of a choice → its value
  dismissed: new Set(), // private messages that Discord's reader sent away
  editing: "", // ts or id of the message being edited
  asking: null, // an open confirmation: {confirm, answer}
  busy: new Set(), // keys of buttons whose press is on its way
  pressed: new Set(), // what buttons, menus and forms that the app has heard were about: undo, macro_send, …
  said: "", // a short notice at the bottom
};

let draw = () => {};
let due = false;

/** Draw `template` into `place` from now on; `after` runs after each drawing. */
export function drawWith(place, template, after) {
  draw = () => {
    render(template(), place);
    after();
  };
}

/** Draw once, soon, however often this is called. */
export function redraw() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    draw();
  });
}

/** Change something of `mine` and show it. */
export function set(change) {
  Object.assign(mine, change);
  redraw();
}

let fading = 0;

/** Show a short notice for a few seconds. */
export function notice(text) {
  clearTimeout(fading);
  fading = setTimeout(() => set({ said: "" }), 6000);
  set({ said: text });
}
