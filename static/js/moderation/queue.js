// Entry of the queue: the list that keeps itself up to date, its keys, and what a new crisis sets off.

import { Announcer } from "../announcer.js";
import { page, part, say } from "../page.js";
import { goQuietly } from "../quiet_history.js";
import { counted, word } from "../words.js";
import { Arrivals } from "./arrivals.js";
import { Chime } from "./chime.js";
import { watchClaims } from "./claims.js";
import { Clocks } from "./clocks.js";
import { watchKeys } from "./keys.js";
import { Renewal } from "./renewal.js";
import { Rows } from "./rows.js";
import { follow } from "./topic.js";

const announcer = new Announcer(part("announcer"));
const chime = new Chime(part("sound"));
const clocks = new Clocks(part("cases"));
const rows = new Rows(part("cases"));
const arrivals = new Arrivals(part("cases"), {
  onCrises: (count) => { chime.ring(); tell(counted("new_crisis", count)); },
  onOthers: (count) => tell(counted("new", count)),
});
const renewal = new Renewal(page.rows, (fresh) => {
  rows.renew(fresh);
  clocks.learn();
  arrivals.look();
  renewal.at(part("cases").querySelector("[data-live=rows]").dataset.changesAt);
}, (text) => (part("connection").textContent = text));

clocks.learn();
arrivals.begin();
renewal.at(part("cases").querySelector("[data-live=rows]").dataset.changesAt);
watchClaims(document.getElementById("claim"), { onAnswer: (text) => { say(text); renewal.now(); } });
watchKeys({
  j: () => rows.move(1),
  k: () => rows.move(-1),
  c: () => rows.claim(),
  o: () => rows.open(),
  enter: () => !document.activeElement?.closest("a, button, summary") && rows.open(),
  r: () => rows.open("resolve"),
  e: () => rows.open("hand_over"),
}, { dialog: part("keys") });

follow("queue", { onMoved: () => renewal.soon(), onLost: () => (part("connection").textContent = word("reconnecting")) });

// A form that asks with GET would leave an entry in the tab's history, and its empty fields in the address.
part("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = [...new FormData(event.target)].filter(([, value]) => value);
  goQuietly(`${location.pathname}?${new URLSearchParams(asked)}`);
});

part("cases").addEventListener("click", (event) => {
  if (!event.target.closest("[data-more]") || renewal.size >= page.most) return; // further down, the link leads to a page of its own
  event.preventDefault();
  const shown = rows.count;
  renewal.size += page.size;
  renewal.now().then(() => rows.focus(shown));
});

function tell(sentence) {
  announcer.announce([sentence], () => sentence);
}
