// Entry of the room page: builds the parts and says what each frame of the wire means to them.

import { Actions } from "./actions.js";
import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { confirmed } from "./confirm.js";
import { Feed } from "./feed.js";
import { goAtOnce, isLeaving } from "./leave.js";
import { Older } from "./older.js";
import { Outbox } from "./outbox.js";
import { Panels } from "./panels.js";
import { PendingBubbles } from "./pending.js";
import { Presence } from "./presence.js";
import { goQuietly } from "./quiet_history.js";
import { Reading } from "./reading.js";
import { Search } from "./search.js";
import { Socket } from "./socket.js";
import { Timeline } from "./timeline.js";
import { watchOtherRooms } from "./unread.js";
import { counted, word } from "./words.js";
import * as wire from "./wire.js";

const page = JSON.parse(document.getElementById("page-data").textContent);
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const roomId = typeof page.room === "string" ? page.room : page.room.id;
const roomPart = part("room");

const muted = new Set(page.you.muted);
const mutedNames = new Set();
const context = {
  you: page.you,
  isMuted: (id) => muted.has(id),
  isMutedName: (pseudonym) => mutedNames.has(pseudonym),
};

const socket = new Socket(page.socket, {
  onOpen: () => feed.enter(),
  onFrame: heard,
  onLost: lost,
  onStillDown: leaveIfSignedOut,
  onSignedOut: () => goAtOnce(page.signIn),
});
const send = (frame) => socket.send(frame);
const ask = (frame) => socket.ask(frame);

const feed = new Feed(roomId, page.seq, ask, { onMessages: showMessages, onEntered: entered, onRefused: enterRefused });
const timeline = new Timeline(part("timeline"), part("messages"), context, page.more);
const presence = new Presence({
  list: part("members"),
  counts: [part("here"), document.querySelector("[data-room-link][aria-current] [data-slot=here]")],
  typing: part("typing"),
}, context, toggleMute);
const waiting = [];
const bubbles = new PendingBubbles(part("pending"), {
  onEdit: (draft) => { dropDraft(draft); composer.giveBack(draft); },
  onDiscard: (draft) => { dropDraft(draft); part("timeline").focus({ preventScroll: true }); },
  onRetry: (draft) => outbox.retry(draft),
});
const outbox = new Outbox(roomId, (frame) => feed.isInside() && send(frame), {
  onChange: (draft) => bubbles.show(draft),
  onSettled: settle,
  onSilence: () => socket.restart(),
});
const composer = new Composer(part("composer"), roomId, page.limits, {
  onPost: post,
  onEdit: saveEdit,
  onTyping: () => feed.isInside() && send(wire.typing(roomId)),
});
const actions = new Actions(part("actions"), part("timeline"), allowed, {
  onReact: react,
  onReply: (message) => composer.replyTo(message),
  onEdit: (message) => composer.edit(message),
  onRedact: redact,
  onMute: (message) => toggleMute(message.author),
});
const older = new Older(part("older"), roomId, timeline, ask);
const panels = new Panels(roomPart, { onClose: (id) => id === "search-panel" && search.stop() });
const search = new Search(part("search"), roomId, send, context, showFound);
const reading = new Reading(roomId, page.you.read, (frame) => feed.isInside() && send(frame));
const announcer = new Announcer(part("announcer"));
let unseen = 0;

begin();

function begin() {
  learnMutes(page.you.muted, page.members);
  timeline.adopt(page.messages);
  older.renew();
  presence.all(page.members);
  timeline.markNewAfter(page.you.read);
  timeline.stopMarking();
  timeline.scrollToMarker();
  part("timeline").addEventListener("click", pressed);
  part("timeline").addEventListener("scroll", look, { passive: true });
  part("jump").addEventListener("click", jumpToNewest);
  document.addEventListener("visibilitychange", visibilityChanged);
  window.addEventListener("online", () => socket.restart());
  window.addEventListener("offline", () => showConnection(false));
  window.addEventListener("beforeunload", warnOfWaiting);
  watchOtherRooms(part("rooms"), roomPart.dataset.list);
  showEmpty();
  look();
  socket.connect();
}

// --- what the server says ---

function heard(frame) {
  if (frame.room !== undefined && frame.room !== roomId) return;
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
    default: return undefined; // answers to a question go to who asked; unknown frames are passed over
  }
}

function entered(frame) {
  learnMutes(frame.you.muted, frame.members);
  presence.all(frame.members);
  showConnection(true);
  outbox.deliverAll();
  look();
}

function lost() {
  feed.lost();
  outbox.lost();
  search.lost();
  presence.typing([]);
  showConnection(false);
}

// A handshake is refused without a reason that a script may read: ask a page of ours whether we are still signed in.
async function leaveIfSignedOut(failures) {
  if (failures < 2 || !navigator.onLine) return;
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") {
    socket.end();
    goAtOnce(page.signIn);
  }
}

function enterRefused(answer) {
  if (answer.reason === "agreement") return goQuietly(roomPart.dataset.join);
  if (answer.reason === "not_found") return closeRoom(answer.text);
  setTimeout(() => feed.enter(), (answer.retry_after ?? 3) * 1000);
  return undefined;
}

function refused(frame) {
  if (frame.reason === "agreement") return goQuietly(roomPart.dataset.join);
  if (frame.what === "search") return search.refused(frame);
  if (frame.what !== "post") return undefined;
  if (frame.reason === "not_entered") {
    outbox.again(frame.key);
    return feed.enter();
  }
  return outbox.refused(frame);
}

function noticed(frame) {
  if (frame.reason === "agreement") return goQuietly(roomPart.dataset.join);
  if (frame.reason === "removed") return closeRoom(frame.text);
  return say(frame.text);
}

function closeRoom(text) {
  feed.lost();
  socket.end();
  say("");
  composer.close(text);
}

// --- messages ---

function showMessages(messages) {
  for (const message of messages) dropTwin(message);
  const wasAtNewest = timeline.isAtNewest;
  const fresh = timeline.apply(messages).filter(isFromOthers);
  for (const message of fresh) presence.wrote(message.author.id);
  announcer.announce(fresh.map(sentenceOf), (count) => word("announce_many", { count }));
  unseen = wasAtNewest && isLookedAt() ? 0 : unseen + fresh.length;
  showEmpty();
  look();
}

function isFromOthers(message) {
  return message.author.id !== page.you.id && !message.redacted && !muted.has(message.author.id);
}

function sentenceOf({ author, body, warning }) {
  const name = author.pseudonym;
  return warning ? word("announce_warning", { name, warning }) : word("announce_one", { name, body });
}

function post({ body, warning, replyTo }) {
  const draft = outbox.add({ body, warning, replyTo });
  waiting.push(draft);
  timeline.scrollToNewest();
  showEmpty();
  outbox.deliver(draft);
  if (!online) showConnection(false); // says now that the message is kept
}

// The room heard of this post before its author was answered: the bubble would show it a second time.
function dropTwin(message) {
  if (message.author.id !== page.you.id || timeline.has(message.id)) return;
  const draft = outbox.twinOf(message);
  if (!draft) return;
  draft.isShown = true;
  bubbles.remove(draft);
}

function settle(draft, answer) {
  waiting.splice(waiting.indexOf(draft), 1);
  bubbles.remove(draft);
  timeline.apply([wire.settled(draft, answer, page.you)]);
  look();
}

function dropDraft(draft) {
  waiting.splice(waiting.indexOf(draft), 1);
  outbox.discard(draft);
  bubbles.remove(draft);
  showEmpty();
}

async function saveEdit(message, { body, warning }) {
  const answer = await ask(wire.edit(roomId, message.id, body, warning));
  if (answer?.type === "done") composer.editDone();
  else composer.say(answer?.text ?? word("not_connected"), answer?.parts);
}

async function redact(message) {
  if (!(await confirmed(part("confirm")))) return;
  tell(await ask(wire.redact(roomId, message.id)));
}

async function react(message, kind) {
  const now = timeline.message(message.id) ?? message;
  const on = !now.reactions[kind]?.includes(page.you.id);
  tell(await ask(wire.react(roomId, message.id, kind, on)));
}

async function toggleMute({ id, pseudonym }) {
  const on = !muted.has(id);
  const answer = await ask(wire.mute(roomId, id, on));
  if (answer?.type !== "done") return tell(answer);
  muted[on ? "add" : "delete"](id);
  mutedNames[on ? "add" : "delete"](pseudonym);
  timeline.refresh();
  presence.draw();
  return say(word(on ? "muted_now" : "unmuted_now", { name: pseudonym }));
}

// Muting is kept across devices: what another one changed is shown here after the next entering.
function learnMutes(ids, members) {
  const isSame = ids.length === muted.size && ids.every((id) => muted.has(id));
  muted.clear();
  ids.forEach((id) => muted.add(id));
  mutedNames.clear();
  for (const { id, pseudonym } of members) if (muted.has(id)) mutedNames.add(pseudonym);
  if (!isSame) timeline.refresh();
}

function allowed(message) {
  const mine = message.author.id === page.you.id;
  const young = Date.now() - new Date(message.at) < page.limits.editSeconds * 1000;
  const reactions = wire.REACTIONS.filter((kind) => message.reactions[kind]?.includes(page.you.id));
  return { reply: true, edit: mine && young, redact: mine, mute: !mine, muted: muted.has(message.author.id), reactions };
}

// --- what the person does ---

function pressed(event) {
  const element = event.target.closest("[data-id]");
  const message = element && timeline.message(element.dataset.id);
  if (!message) return;
  const quote = event.target.closest("[data-target]");
  const button = event.target.closest("button");
  const fold = event.target.closest("summary");
  if (quote) {
    event.preventDefault();
    goTo(quote.dataset.target);
  } else if (button?.dataset.slot === "more") {
    actions.toggle(button, message);
  } else if (button?.closest("[data-slot=reactions]")) {
    react(message, button.dataset.kind);
  } else if (fold) {
    event.preventDefault();
    timeline.keepPlaceOf(fold, () => (fold.parentElement.open = !fold.parentElement.open));
  }
}

// The message that a reply answers: its number is not known, so a few pages back are tried.
async function goTo(id) {
  for (let pages = 0; pages < 20 && !timeline.has(id) && (await older.load(100)); pages += 1);
  if (!timeline.reveal(id)) say(word("message_gone"));
}

async function showFound(id, seq) {
  panels.close();
  await older.reach(seq);
  if (!timeline.reveal(id)) say(word("message_gone"));
}

function jumpToNewest() {
  timeline.scrollToNewest();
  part("timeline").focus({ preventScroll: true }); // not the composer: a phone would open its keyboard
  look();
}

function visibilityChanged() {
  if (document.visibilityState === "hidden") return timeline.markNewAfter(timeline.newest);
  timeline.stopMarking();
  look();
  return socket.isOpen() ? feed.enter() : socket.connect(); // a phone that slept may hold a dead connection
}

function warnOfWaiting(event) {
  if (!outbox.isEmpty && !isLeaving()) event.preventDefault();
}

// --- what the page shows ---

function isLookedAt() {
  return document.visibilityState === "visible";
}

function look() {
  const atNewest = timeline.isAtNewest;
  if (atNewest && isLookedAt()) {
    unseen = 0;
    reading.saw(timeline.newest);
  }
  part("jump").hidden = atNewest;
  part("jump-count").textContent = unseen ? counted("jump", unseen) : word("jump_newest");
}

function showEmpty() {
  part("empty").hidden = !timeline.isEmpty || waiting.length > 0;
}

let online = true; // until it is known to be otherwise: a page just opened does not cry wolf
function showConnection(isOnline) {
  online = isOnline;
  const text = online ? "" : word(waiting.length ? "reconnecting_kept" : "reconnecting");
  part("connection").textContent = text;
  roomPart.classList.toggle("room--offline", !online);
  bubbles.connection(online, waiting);
}

function tell(answer) {
  if (answer?.type !== "done") say(answer?.text ?? word("not_connected"));
}

let sayTimer = 0;
function say(text) {
  part("say").textContent = text;
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => (part("say").textContent = ""), 8000);
}
