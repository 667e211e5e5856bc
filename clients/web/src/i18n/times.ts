/** Times as people read them: always +08:00, whatever the device is set to. Never parses anything but RFC 3339. */
import { type Language, language } from "./language";

const ZONE = "Asia/Shanghai";
const LOCALE: Record<Language, string> = { zh: "zh-CN", en: "en-GB" };

type Form = "clock" | "minute" | "day" | "moment";
const FORMS: Record<Form, Intl.DateTimeFormatOptions> = {
  clock: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { year: "numeric", month: "long", day: "numeric", weekday: "short" },
  moment: { year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(form: Form, speech: Language): Intl.DateTimeFormat {
  const key = `${speech} ${form}`;
  const known = made.get(key);
  if (known) return known;
  const fresh = new Intl.DateTimeFormat(LOCALE[speech], { ...FORMS[form], timeZone: ZONE });
  made.set(key, fresh);
  return fresh;
}

/** `at` (RFC 3339 or a Date) in the given form; empty when it is no time. */
export function timeText(at: string | Date, form: Form): string {
  const date = typeof at === "string" ? new Date(at) : at;
  return Number.isNaN(date.getTime()) ? "" : formatter(form, language.value).format(date);
}

/** Up to the minute and the offset: equal texts are the same minute without asking a calendar. */
export const minuteOf = (at: string): string => at.slice(0, 16) + at.slice(19).replace(/^\.\d+/, "");

/** Calendar day in Beijing as YYYY-MM-DD, which sorts. */
export function beijingDay(at: string | Date): string {
  const date = typeof at === "string" ? new Date(at) : at;
  return Number.isNaN(date.getTime()) ? "" : new Date(date.getTime() + 8 * 3600_000).toISOString().slice(0, 10);
}

const DAY = 24 * 3600_000;

/** The next moment at which a clock in Beijing shows HH:MM, as RFC 3339; undefined when it is no such time. */
export function nextInBeijing(clock: string, now = new Date()): string | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(clock)) return undefined;
  const today = `${beijingDay(now)}T${clock}:00+08:00`;
  return Date.parse(today) > now.getTime() ? today : `${beijingDay(new Date(now.getTime() + DAY))}T${clock}:00+08:00`;
}
