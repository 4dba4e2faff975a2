// Reads exports with ical.js and compares what it finds with facts.json.
//
//   node read.mjs FOLDER
//
// Writes FOLDER/javascript.json: for each file what was found otherwise. Exits 1 when a difference is
// not among known.json, which says why it is the reader's and not ours.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ICAL from "ical.js";
import { digits, list, oneLine, unescaped } from "./plain.mjs";

const folder = process.argv[2];
const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const known = JSON.parse(read("known.json")).javascript;
const facts = JSON.parse(readFileSync(join(folder, "facts.json"), "utf8"));

const sorted = (values) => [...new Set(values)].filter((value) => value !== "").sort();
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function trimmed(parts) {
  const kept = [...parts];
  while (kept.length > 0 && kept.at(-1) === "") kept.pop();
  return kept;
}

// ical.js writes dates and offsets in the extended form and knows them by their type.
const DATES = ["date", "date-time", "date-and-or-time", "timestamp", "utc-offset"];
const compact = (text) => text.replace(/(?<=\d)[-:](?=\d)/gu, "");

// A property of jCal as facts.json has one: name, parameters, the parts of its value.
function normal([name, params, type, ...values]) {
  const { group = null, ...others } = params;
  const structured = ["n", "adr", "org", "categories"].includes(name);
  const flat = structured && values.length === 1 ? list(values[0]) : values;
  const meant = type === "unknown" ? unescaped : (text) => text;
  const parts = flat.map((part) => meant(list(part).map(String).join(name === "geo" ? ";" : ",")));
  return { group, name: name.toUpperCase(), params: lower(others), type, parts: trimmed(parts) };
}

function lower(params) {
  const pairs = Object.entries(params).map(([name, values]) => [
    name.toUpperCase(),
    list(values).map((value) => String(value).toLowerCase()).sort(),
  ]);
  // The kind of value is the property's type in jCal.
  return Object.fromEntries(pairs.filter(([name]) => name !== "VALUE").sort());
}

function row(fact, text) {
  const found = ICAL.parse(text)[1].map(normal);
  return fact.lines.flatMap((line) => {
    const wanted = { group: line.group, name: line.name, params: lower(line.params), parts: trimmed(line.parts) };
    const fits = ({ group, name, params, type, parts }) => {
      const plain = DATES.includes(type) ? (each) => each.map(compact) : (each) => each;
      return (
        group === wanted.group &&
        name === wanted.name &&
        same(params, wanted.params) &&
        same(plain(parts), plain(wanted.parts))
      );
    };
    if (found.some(fits)) return [];
    const near = found.filter((each) => each.name === wanted.name);
    return [`${JSON.stringify(wanted)} is not among ${JSON.stringify(near)}`];
  });
}

function birthday(card) {
  const property = card.getFirstProperty("bday");
  const text = String(property?.jCal[3] ?? "");
  const whole = /^(\d{4})-?(0[1-9]|1[0-2])-?([0-3]\d)/u.exec(text);
  if (whole && property.getParameter("x-apple-omit-year") === whole[1]) return `--${whole[2]}-${whole[3]}`;
  if (whole) return whole.slice(1, 4).join("-");
  const partial = /^--(\d\d)-?(\d\d)/u.exec(text);
  return partial ? `--${partial[1]}-${partial[2]}` : null;
}

function contacts(fact, text) {
  const parsed = ICAL.parse(text);
  // One card stands alone, several in a list.
  const cards = (typeof parsed[0] === "string" ? [parsed] : parsed).map((one) => new ICAL.Component(one));
  if (cards.length !== fact.items.length) return [`${cards.length} cards instead of ${fact.items.length}`];
  return cards.flatMap((card, index) => {
    const item = fact.items[index];
    const texts = (name) => card.getAllProperties(name).map((property) => String(property.jCal[3]));
    const found = {
      name: oneLine(texts("fn").find((name) => name.trim()) ?? ""),
      phones: sorted(texts("tel").map(digits)),
      emails: sorted(texts("email").map((text) => oneLine(text).replace(/^mailto:/iu, ""))),
      birthday: birthday(card),
      photo: texts("photo").length > 0,
    };
    const wanted = {
      name: oneLine(item.name),
      phones: sorted(item.phones.map(digits)),
      emails: sorted(item.emails),
      birthday: item.birthday,
      photo: item.photo,
    };
    return Object.keys(wanted)
      .filter((key) => !same(found[key], wanted[key]))
      .map((key) => `${item.name}: ${key} is ${JSON.stringify(found[key])} instead of ${JSON.stringify(wanted[key])}`);
  });
}

function entryFacts(entry) {
  const order = entry.name === "vtodo" ? ["due", "dtstart"] : ["dtstart", "due"];
  const start = order.map((name) => entry.getFirstProperty(name)).find(Boolean);
  const time = start?.getFirstValue();
  const isTime = time instanceof ICAL.Time;
  const clock = isTime ? digits(time.isDate ? time.toString() : time.toString().replace("Z", "")) : null;
  const floats = isTime && (time.isDate || time.zone === ICAL.Timezone.localTimezone);
  const moment = () => (floats ? time.clone() : time).toUnixTime() * 1000;
  return {
    kind: entry.name.toUpperCase(),
    summary: oneLine(String(entry.getFirstPropertyValue("summary") ?? "")),
    starts: clock,
    at: isTime ? moment() : null,
    rules: entry.getAllProperties("rrule").length,
    exceptions: entry.getAllProperties("exdate").length,
    override: entry.hasProperty("recurrence-id"),
    alarms: entry.getAllSubcomponents().length,
  };
}

function calendar(fact, text) {
  const root = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  const zones = new Set();
  for (const zone of root.getAllSubcomponents("vtimezone")) {
    zones.add(zone.getFirstPropertyValue("tzid"));
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  const entries = root.getAllSubcomponents().filter((one) => ["vevent", "vtodo", "vjournal"].includes(one.name));
  if (entries.length !== fact.items.length) return [`${entries.length} entries instead of ${fact.items.length}`];
  const found = entries.map(entryFacts);
  const wrong = fact.items
    .map((item) => ({ ...item, summary: oneLine(item.summary) }))
    .filter((item) => !found.some((each) => Object.keys(item).every((key) => item[key] === null || item[key] === each[key])))
    .map((item) => {
      const near = found.filter((each) => each.summary === item.summary).slice(0, 2);
      return `${JSON.stringify(item)} is not among ${JSON.stringify(near)}`;
    });
  const bare = entries.filter((entry) => !entry.hasProperty("uid") || !entry.hasProperty("dtstamp"));
  const used = entries.flatMap((entry) => entry.getAllProperties().map((property) => property.getParameter("tzid")));
  const missing = sorted(used.filter((id) => id && !zones.has(id)));
  return [
    ...wrong,
    ...bare.map(() => "an entry has no UID or DTSTAMP"),
    ...missing.map((id) => `the zone ${id} is used and not defined`),
  ];
}

const readers = { row, contacts, calendar };
const told = {};
let [passed, failed] = [0, 0];
for (const fact of facts.filter(({ kind }) => kind !== "unreadable")) {
  let differences = [];
  try {
    const text = readFileSync(join(folder, fact.file), "utf8");
    if (fact.items?.length !== 0) differences = readers[fact.kind](fact, text);
  } catch (error) {
    differences = [String(error)];
  }
  told[fact.file] = differences;
  const excused = known[fact.file];
  if (differences.length > 0 && !excused) {
    failed += 1;
    console.log(`${fact.file}:${differences.slice(0, 6).map((each) => `\n    ${each.slice(0, 500)}`).join("")}`);
  } else if (excused && differences.length === 0) {
    failed += 1;
    console.log(`${fact.file}: known.json excuses it and nothing is wrong`);
  } else {
    passed += 1;
  }
}
writeFileSync(join(folder, "javascript.json"), JSON.stringify(told, null, 1));
console.log(`ical.js ${JSON.parse(read("node_modules/ical.js/package.json")).version}:`);
console.log(`  ${passed} passed\n  ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
