// Days and hours as the reader's language and clock write them.

import { word } from "./words.js";

const language = document.documentElement.lang;
const hour = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });

export const hourOf = (at) => hour.format(at);
export const momentOf = (at) => moment.format(at);

export function dayOf(at, now = new Date()) {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (isSameDay(at, now)) return word("today");
  if (isSameDay(at, yesterday)) return word("yesterday");
  return day.format(at);
}

export function isSameDay(one, other) {
  return one.toDateString() === other.toDateString();
}
