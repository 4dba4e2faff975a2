// Reads the real files themselves with ical.js, beside the exports that were made of them, and tells what
// an original has and its export has not. What our own reading says of a file is not asked.
//
//   node originals.mjs FOLDER
//
// Writes FOLDER/javascript-originals.json, of which losses.mjs tells. Exits 1 when there is a difference
// that known.json does not say the reason of, or when such a reason is no longer needed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ICAL from "ical.js";
import { digits, list, oneLine, unescaped } from "./plain.mjs";

const folder = process.argv[2];
const known = JSON.parse(readFileSync(new URL("known.json", import.meta.url), "utf8")).originals.javascript;
const facts = JSON.parse(readFileSync(join(folder, "facts.json"), "utf8")).filter(({ original }) => original);

const words = (text) => text.split(" ");
const TEXTS = words("uid summary location description comment contact url status organizer attendee");
const DATES = words("dtstart dtend due duration recurrence-id rdate exdate rrule completed created last-modified");
const ITEMS = { contacts: ["vcard"], calendar: ["vevent", "vtodo", "vjournal"] };
// What every export says of itself.
const OURS = ["version", "prodid", "calscale"];

// Text by its mark, else UTF-8 (also where a line was folded inside a character), else Windows-1252.
function decoded(raw) {
  const bytes = raw.toString("latin1");
  if (bytes.startsWith("\xff\xfe")) return new TextDecoder("utf-16le").decode(raw);
  if (bytes.startsWith("\xfe\xff")) return new TextDecoder("utf-16be").decode(raw);
  for (const text of [raw, Buffer.from(bytes.replace(/\r?\n[ \t]/gu, ""), "latin1")]) {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(text);
    } catch {
      // The next one may be.
    }
  }
  // Node 20 leaves the euro out of it.
  return new TextDecoder("windows-1252").decode(raw).replaceAll("\x80", "€");
}

// A value of jCal as text: parts, a rule's object, or a text in which an escape is left that the standards do
// not have (\"); what ical.js writes for an empty date is nothing.
function plain(value) {
  if (Array.isArray(value)) return value.map((part) => list(part).join(",")).join("; ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value).replaceAll('\\"', '"').replace(/^--$/u, "");
}

// A text with a comma that its writer did not escape is several to ical.js.
function text({ jCal: [, , type, ...values] }) {
  const whole = values.map((value) => oneLine(plain(value))).filter(Boolean).join(", ");
  return (type === "unknown" ? unescaped(whole) : whole).replace(/^(?:mailto|tel):/iu, "");
}

// What a version or a format has no word for is under X- in the export.
const properties = (item, ...names) => names.flatMap((name) => item.getAllProperties(name));
const texts = (item, ...names) => properties(item, ...names).map(text);
const parts = (item, ...names) =>
  texts(item, ...names).map((text) => text.split(/; ?/u).join("; ").replace(/[; ]+$/u, ""));

// A date without a year is told differently in 3.0 and 4.0 (rows 16 and 47 of docs/formats.md).
function day(property) {
  const text = digits(String(property.jCal[3]));
  return property.getParameter("x-apple-omit-year") === text.slice(0, 4) ? text.slice(4) : text;
}

const card = (item) => ({
  names: texts(item, "fn", "x-fn"),
  "names in parts": parts(item, "n", "x-n"),
  numbers: texts(item, "tel").map(digits),
  "e-mails": texts(item, "email"),
  birthdays: properties(item, "bday", "x-bday").map(day),
  anniversaries: properties(item, "anniversary", "x-anniversary", "x-abdate").map(day),
  addresses: parts(item, "adr"),
  organisations: parts(item, "org"),
  notes: texts(item, "note"),
  "web pages": texts(item, "url").map(unescaped),
  pictures: texts(item, "photo").map(() => "a picture"),
});

// The moments that dates are whose zone their own file defines.
function moments(item, name) {
  const times = item.getAllProperties(name).map((property) => property.getFirstValue());
  const isSure = (time) => time instanceof ICAL.Time && !time.isDate && time.zone !== ICAL.Timezone.localTimezone;
  return times.filter(isSure).map((time) => time.toJSDate().toISOString());
}

const entry = (item) => ({
  kind: [item.name],
  ...Object.fromEntries(TEXTS.map((name) => [name, texts(item, name)])),
  ...Object.fromEntries(DATES.map((name) => [name, texts(item, name, `x-${name}`)])),
  ...Object.fromEntries(["dtstart", "dtend", "due"].map((name) => [`${name} in UTC`, moments(item, name)])),
  alarms: item.getAllSubcomponents().map(() => "an alarm"),
});

// An item without a line is none.
function says(item) {
  const isFrame = ({ name }) => ["version", "dtstamp", "prodid"].includes(name);
  return item.getAllSubcomponents().length > 0 || !item.getAllProperties().every(isFrame);
}

function read(kind, text) {
  const parsed = text.trim() === "" ? [] : ICAL.parse(text);
  // One component stands alone, several in a list.
  const roots = (typeof parsed[0] === "string" ? [parsed] : parsed).map((one) => new ICAL.Component(one));
  const calendars = roots.filter(({ name }) => name === "vcalendar");
  const all = [...roots, ...calendars.flatMap((calendar) => calendar.getAllSubcomponents())];
  ICAL.TimezoneService.reset();
  const zones = all.filter(({ name }) => name === "vtimezone");
  for (const zone of zones) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const items = all.filter((one) => ITEMS[kind].includes(one.name) && says(one));
  const head = calendars.flatMap((calendar) => calendar.getAllProperties().map(({ name }) => name));
  return {
    items: items.map(kind === "contacts" ? card : entry),
    head: [...new Set(head)].filter((name) => !OURS.includes(name)).sort(),
  };
}

// What an item has and the other has not; the other may have more: the names and stamps that a file must have.
function missing(item, other = {}) {
  return Object.entries(item).flatMap(([what, found]) => {
    const there = other[what] ?? [];
    const left = [...there];
    const lost = found.filter((value) => {
      const at = left.indexOf(value);
      if (at >= 0) left.splice(at, 1);
      return value !== "" && at < 0;
    });
    return lost.length > 0 ? [`${what}: ${JSON.stringify(lost)} is not among ${JSON.stringify(there)}`] : [];
  });
}

// Every item is found again, each in one of its own.
function compared(one, other) {
  const left = [...other.items];
  const count = `${one.items.length} items in the original, ${left.length} in the export`;
  const lost = one.items.flatMap((item) => {
    const tries = left.map((each) => missing(item, each));
    const fewest = Math.min(...tries.map((each) => each.length));
    const best = tries.findIndex((each) => each.length === fewest);
    if (best < 0) return missing(item);
    left.splice(best, 1);
    return tries[best];
  });
  return one.items.length === other.items.length ? lost : [count, ...lost];
}

// What the file says, or the reason why the reader cannot read it.
function original([{ source, original: path }]) {
  const text = decoded(readFileSync(path));
  if (/^VERSION:2\.1\s*$/imu.test(text)) return { unread: "ical.js does not know vCard 2.1" };
  try {
    return read(source.split("/")[0], text);
  } catch (error) {
    return { unread: String(error).slice(0, 100) };
  }
}

const exported = ({ kind, file }) =>
  file ? read(kind, readFileSync(join(folder, file), "utf8")) : { items: [], head: [] };

function ofSource(entries) {
  const told = original(entries);
  if (told.unread) return told;
  const exports = entries.map(exported);
  if (told.items.length === 0 && exports.some(({ items }) => items.length > 0)) {
    return { unread: "it finds nothing in it" };
  }
  const head = told.head.filter((name) => !exports.every((one) => one.head.includes(name)));
  const differences = exports.flatMap((one, index) =>
    compared(told, one).map((each) => `${entries[index].file ?? "no export"}: ${each}`),
  );
  return { head: head.map((name) => name.toUpperCase()), differences };
}

const told = {};
for (const { source } of facts) told[source] ??= ofSource(facts.filter((one) => one.source === source));
writeFileSync(join(folder, "javascript-originals.json"), JSON.stringify(told, null, 1));
if (facts.length === 0) console.log("skipped: no corpus");
const all = Object.entries(told);
const wrong = all.filter(([source, { differences = [] }]) => differences.length > 0 !== source in known);
for (const [source, { differences = [] }] of wrong) {
  const shown = differences.length > 0 ? differences.slice(0, 6) : ["known.json excuses it and nothing is wrong"];
  console.log(`${source}:${shown.map((each) => `\n    ${each.slice(0, 500)}`).join("")}`);
}
const unread = all.filter(([, one]) => one.unread).length;
console.log(`ical.js, the originals: ${unread} of ${all.length} it cannot read`);
console.log(`  ${all.length - unread - wrong.length} passed\n  ${wrong.length} failed`);
process.exit(wrong.length > 0 ? 1 : 0);
