// Days and hours as the reader's language and clock write them.

import { word } from "./words.js";

const WEEK = 6 * 24 * 60 * 60 * 1000; // milliseconds
const language = document.documentElement.lang;
const hour = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const weekday = new Intl.DateTimeFormat(language, { weekday: "long", hour: "numeric", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });

export const hourOf = (at) => hour.format(at);
export const momentOf = (at) => moment.format(at);

// Soon is said short: the hour today, the weekday within a week, else the date.
export function whenOf(at, now = new Date()) {
  if (isSameDay(at, now)) return hourOf(at);
  return at - now < WEEK && at > now ? weekday.format(at) : momentOf(at);
}

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
