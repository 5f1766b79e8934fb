// Entry of the room page: the one socket, the columns beside the conversation, and what each frame means to them.

import { tell } from "./beside.js";
import { Cards } from "./cards.js";
import { CallElsewhere } from "./call_elsewhere.js";
import { Conversation } from "./conversation.js";
import { Feed } from "./feed.js";
import { followed } from "./following.js";
import { goAtOnce } from "./leave.js";
import { Mutes } from "./mutes.js";
import { page, part, say } from "./page.js";
import { Panels } from "./panels.js";
import { Presence } from "./presence.js";
import { goQuietly } from "./quiet_history.js";
import { Rules } from "./rules.js";
import { Search } from "./search.js";
import { Socket } from "./socket.js";
import { OtherRooms } from "./unread.js";
import { words } from "./words.js";

const joinAddress = part("room").dataset.join;
const mutes = new Mutes();
mutes.learn(page.you.muted, page.members);

const socket = new Socket(page.socket, {
  onOpen: opened,
  onFrame: heard,
  onLost: lost,
  onStillDown: leaveIfSignedOut,
  onSignedOut: () => goAtOnce(page.signIn),
});
const feed = new Feed(page.room, page.seq, (frame) => socket.ask(frame), {
  onMessages: (messages) => conversation.take(messages),
  onEntered: entered,
  onRefused: enterRefused,
});
const line = {
  ask: (frame) => (feed.isInside() ? socket.ask(frame) : Promise.resolve(null)),
  send: (frame) => feed.isInside() && socket.send(frame),
};
const presence = new Presence({
  list: part("members"),
  counts: [part("here"), document.querySelector("[data-room-link][aria-current] [data-slot=here]")],
  typing: part("typing"),
}, { you: page.you, mutes, areTwo: "other_here" in words }, {
  onMute: (member) => conversation.turnMute(member),
  onFlag: (member) => conversation.flagging.member(member),
});
const conversation = new Conversation(page, mutes, line, {
  onWritten: (author) => presence.wrote(author),
  onMutesTurned: () => presence.draw(),
  onSilence: () => socket.restart(),
});
const rules = new Rules(part("rules"), page.rules, (isOpen) => conversation.composer.allow(isOpen));
const cards = new Cards(part("cards"), part("cards-said"), {
  onGiveBack: (said) => conversation.giveBack(said),
  onEmptied: () => part("timeline").focus({ preventScroll: true }),
});
const panels = new Panels(part("room"), { onClose: (id) => id === "search-panel" && search.stop() });
const search = new Search(part("search"), page.room, line.send, mutes, (id, seq) => {
  panels.close();
  conversation.showFound(id, seq);
});

const others = new OtherRooms(part("rooms"), part("room").dataset.list);
const callElsewhere = new CallElsewhere(part("call-note"), part("rooms"));
tell("onBegin", line);

// An older page is for reading without script: here it would leave a hole before the newest messages.
if (location.search) goQuietly(location.pathname);

presence.all(page.members);
window.addEventListener("online", () => socket.restart());
window.addEventListener("offline", () => conversation.connection(false));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
socket.connect();

function opened() {
  followed(socket, "mine", mineMoved);
  feed.enter();
  others.connected((frame) => socket.send(frame));
}

function heard(frame) {
  if (frame.type === "news") return others.renewSoon();
  if (frame.type === "moved") return frame.topic === "mine" && mineMoved();
  if (frame.room !== undefined && frame.room !== page.room) return frame.type === "call" && callElsewhere.heard(frame);
  tell("onFrame", frame);
  const { outbox } = conversation;
  if (frame.card === "crisis") cards.showCrisis({ told: frame.type !== "refused" && (frame.type !== "held" || frame.waits) });
  switch (frame.type) {
    case "messages": return feed.messages(frame);
    case "posted": return outbox.posted(frame);
    case "held": return frame.what === "post" && outbox.held(frame);
    case "refused": return refused(frame);
    case "presence": return presence.changed(frame);
    case "typing": return presence.typing(frame.members);
    case "found": return search.found(frame);
    case "searched": return search.searched(frame);
    case "resync": return feed.enter();
    case "notice": return noticed(frame);
    case "rules": return rules.show(frame.rules);
    case "marks": return conversation.marks?.heard(frame);
    default: return undefined; // answers to a question go to who asked; unknown frames are passed over
  }
}

// A letter, or a moderator has decided on a message of one's own: what waits still, the room itself says.
function mineMoved() {
  cards.renew();
  feed.enter();
  tell("onMoved");
}

function entered(frame) {
  const { you, members, held, rules: now, marks } = frame;
  if (mutes.learn(you.muted, members)) conversation.timeline.refresh();
  presence.all(members);
  rules.show(now);
  conversation.entered(held);
  if (marks) conversation.marks?.learn(marks);
  tell("onEntered", frame);
}

function lost() {
  feed.lost();
  search.lost();
  presence.typing([]);
  conversation.lost();
  tell("onLost");
}

// A phone that slept may hold a dead connection: asking again shows it.
function wake() {
  if (socket.isOpen()) feed.enter();
  else socket.connect();
}

// A handshake is refused without a reason that a script may read: ask a page of ours whether we are still signed in.
async function leaveIfSignedOut(failures) {
  if (failures < 2 || !navigator.onLine) return;
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (answer?.type !== "opaqueredirect") return;
  socket.end();
  goAtOnce(page.signIn);
}

function enterRefused(answer) {
  if (answer.reason === "agreement") return goQuietly(joinAddress);
  if (answer.reason === "not_found") return closeRoom(answer.text);
  return setTimeout(() => feed.enter(), (answer.retry_after ?? 3) * 1000);
}

function refused(frame) {
  if (frame.reason === "agreement") return goQuietly(joinAddress);
  if (frame.what === "search") return search.refused(frame);
  if (frame.what !== "post") return undefined;
  if (frame.reason !== "not_entered") return conversation.outbox.refused(frame);
  conversation.outbox.again(frame.key);
  return feed.enter();
}

function noticed(frame) {
  if (frame.reason === "agreement") return goQuietly(joinAddress);
  if (frame.reason === "removed") return closeRoom(frame.text);
  return say(frame.text);
}

function closeRoom(text) {
  feed.lost();
  socket.end();
  conversation.composer.close(text);
}
