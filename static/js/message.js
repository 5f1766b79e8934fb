// One message: fills the slots of rooms/_message.html, which the server renders history with and a <template> holds once blank.

import { slot, stamp, write } from "./slots.js";
import { hourOf, momentOf } from "./times.js";
import { REACTIONS } from "./wire.js";
import { counted, word } from "./words.js";

const EXCERPT = 120; // characters

// What a reply may show of the message it answers: nothing of one that is folded or was taken back.
export function excerptOf({ body, warning, redacted, blurred }) {
  return warning || redacted || blurred ? null : [...body].slice(0, EXCERPT).join("");
}

// context: { you, mutes }
export function newMessage(message, context) {
  return fill(stamp("message"), message, context);
}

export function fill(element, message, context) {
  const { author } = message;
  const mine = author.id === context.you.id;
  element.id = `m-${message.id}`;
  Object.assign(element.dataset, { id: message.id, author: author.id, colour: author.colour });
  element.classList.toggle("message--mine", mine);
  element.classList.toggle("message--redacted", message.redacted);
  if (message.redacted && element.contains(document.activeElement)) element.focus({ preventScroll: true }); // its button goes
  element.hidden = !mine && context.mutes.has(author.id);
  write(element, "initial", [...author.pseudonym][0]);
  write(element, "author", mine ? word("your_own") : author.pseudonym);
  write(element, "badge", author.badge && word(`badge_${author.badge}`));
  write(element, "edited", message.edited && !message.redacted ? word("edited") : "");
  fillTime(element, new Date(message.at));
  fillQuote(element, message.reply_to, context);
  fillBody(element, message, mine);
  fillReactions(element, message, context);
  slot(element, "more").setAttribute("aria-label", word("actions_of", { name: author.pseudonym }));
  return element;
}

function fillTime(element, at) {
  const time = write(element, "time", hourOf(at));
  time.dateTime = at.toISOString();
  time.title = momentOf(at);
}

function fillQuote(element, replyTo, context) {
  const quote = slot(element, "quote");
  quote.hidden = !replyTo;
  if (!replyTo) return;
  quote.href = `#m-${replyTo.id}`;
  quote.dataset.target = replyTo.id;
  write(element, "quote_author", replyTo.author);
  const muted = context.mutes.hasName(replyTo.author);
  write(element, "quote_excerpt", muted ? word("quote_muted") : (replyTo.excerpt ?? word("quote_hidden")));
}

// Folded for readers; whoever wrote it knows what is in it.
function fillBody(element, message, mine) {
  const folded = Boolean(message.warning || message.blurred) && !message.redacted;
  const fold = slot(element, "fold");
  if (fold.hidden && folded) fold.open = mine;
  fold.hidden = !folded;
  write(element, "fold_label", word(message.blurred ? "blurred" : "fold_warning"));
  write(element, "warning", message.warning || (message.blurred ? word("show_it") : ""));
  write(element, "folded_body", folded ? message.body : "");
  write(element, "body", folded ? "" : message.body);
  write(element, "redacted", message.redacted && word(message.removed ? "removed" : "taken_back"));
}

function fillReactions(element, message, context) {
  const chips = REACTIONS.filter((kind) => message.reactions[kind]?.length).map((kind) => {
    const who = message.reactions[kind];
    const mine = who.includes(context.you.id);
    const chip = stamp(`reaction-${kind}`);
    const button = chip.querySelector("button");
    button.dataset.kind = kind;
    button.setAttribute("aria-pressed", String(mine));
    button.setAttribute("aria-label", counted("reaction", who.length, { kind: word(kind) }));
    button.title = word(kind);
    write(chip, "count", String(who.length));
    return chip;
  });
  const list = slot(element, "reactions");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.kind : null;
  list.replaceChildren(...chips);
  list.hidden = chips.length === 0;
  if (focused) (list.querySelector(`[data-kind="${focused}"]`) ?? slot(element, "more")).focus();
}
