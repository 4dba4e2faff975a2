// Tells what each vendor's file lost on its way through an archive, and why: the last section of
// docs/formats.md, made from what the server and the readers said of the corpus, and from what the readers
// found in the original and not in the export.
//
//   node losses.mjs FOLDER [--write]
//
// Exits 1 when the document says otherwise; with --write the document is put right instead.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, option] = process.argv.slice(2);
const DOCS = new URL("../../../docs/formats.md", import.meta.url);
const [FROM, TO] = ["<!-- what was lost: made by bin/lib/formats/losses.mjs -->", "<!-- end -->"];
const NAMED = 3;

const json = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const known = JSON.parse(readFileSync(new URL("known.json", import.meta.url), "utf8"));
const facts = json("facts.json").filter(({ kind }) => kind !== "row");
const readers = { python: json("python.json"), javascript: json("javascript.json") };
const originals = {
  "vobject and icalendar": json("python-originals.json"),
  "ical.js": json("javascript-originals.json"),
};

if (facts.length === 0) {
  console.log("skipped: no corpus");
  process.exit(0);
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
const plural = (n, one) => `${n} ${n === 1 ? one : `${one}s`}`;

// The lines above the entries of a calendar: read in the original, not in the export.
function head(source) {
  const names = Object.values(originals).flatMap((told) => told[source]?.head ?? []);
  if (names.length === 0) return [];
  return [`the calendar's own ${[...new Set(names)].sort().join(", ")}: one file holds the entries of many calendars`];
}

// Why a file gave less than it has, in one cell; empty where it lost nothing.
function loss(source, entries) {
  const [first] = entries;
  if (first.kind === "unreadable") return `all of it, kept as it came: ${first.reason}`;
  const problems = first.problems.map(({ line, reason }) => (line ? `line ${line}: ${reason}` : reason));
  const shown = problems.slice(0, NAMED);
  if (problems.length > NAMED) shown.push(`and ${problems.length - NAMED} more of the kind`);
  const [blocks, items] = [first.blocks, first.items.length];
  const what = first.kind === "contacts" ? "card" : "entry";
  if (blocks > items && problems.length === 0) {
    shown.push(`${blocks - items} of ${blocks} blocks: the same as another ${what}, or nothing in it`);
  }
  for (const { file } of entries) {
    for (const [reader, told] of Object.entries(readers)) {
      if ((told[file] ?? []).length > 0) shown.push(`to ${reader}'s reader: ${known[reader][file] ?? told[file][0]}`);
    }
  }
  return [...shown, ...head(source)].join("; ");
}

const bySource = Map.groupBy?.(facts, ({ source }) => source) ?? group(facts);
function group(list) {
  const groups = new Map();
  for (const one of list) groups.set(one.source, [...(groups.get(one.source) ?? []), one]);
  return groups;
}

const vendors = new Map();
const rows = [];
for (const [source, entries] of bySource) {
  const vendor = source.split("/")[1].split("__")[0];
  const count = vendors.get(vendor) ?? { files: 0, items: 0, whole: 0 };
  const why = loss(source, entries);
  count.files += 1;
  count.items += entries[0].items?.length ?? 0;
  count.whole += why === "" ? 1 : 0;
  vendors.set(vendor, count);
  if (why !== "") rows.push(`| \`${source}\` | ${entries[0].items?.length ?? 0} | ${cell(why)} |`);
}
const cannot = (told) => Object.keys(told).filter((source) => told[source].unread);
const [first, ...others] = Object.values(originals).map(cannot);
const neither = first.filter((source) => others.every((other) => other.includes(source)));
const lines = [
  "| reader | originals compared with their exports | originals that it cannot read |",
  "|---|---|---|",
  ...Object.entries(originals).map(([name, told]) => {
    const unread = cannot(told).length;
    return `| ${name} | ${Object.keys(told).length - unread} | ${unread} |`;
  }),
  `| one of them at least | ${bySource.size - neither.length} | ${neither.length} |`,
  "",
  "| where the files come from | files | items | files that lost nothing |",
  "|---|---|---|---|",
  ...[...vendors].sort().map(([name, { files, items, whole }]) => `| ${name} | ${files} | ${items} | ${whole} |`),
  "",
  "| file | items | what it lost, and why |",
  "|---|---|---|",
  ...rows.sort(),
];

const document = readFileSync(DOCS, "utf8");
const [from, to] = [document.indexOf(FROM), document.indexOf(TO)];
const put = `${document.slice(0, from)}${FROM}\n${lines.join("\n")}\n${document.slice(to)}`;
if (option === "--write") {
  writeFileSync(DOCS, put);
} else if (put !== document) {
  console.log("docs/formats.md tells other losses than this run; see: node bin/lib/formats/losses.mjs FOLDER --write");
  process.exit(1);
}
console.log(`what was lost: ${plural(facts.length, "export")} of ${plural(bySource.size, "file")}, ${rows.length} with a loss`);
