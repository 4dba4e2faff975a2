// What `bin/bench claims` is driven with. The people's ids come by standard input, one a line.
//   drive.mjs sessions ENGINE FOLDER              signs everyone in: FOLDER/sessions.sql or .csv, and FOLDER/cookies
//   drive.mjs people FOLDER                       FOLDER/people.csv: an id for everything that a claim makes
//   drive.mjs pgbench TERMS                       the claim as a script for pgbench, which takes people from bench_people
//   drive.mjs sqlite3 TERMS                       a claim of each, as a script for the sqlite3 shell
import { createHash, randomBytes, randomInt } from "node:crypto";
import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";

const [what, ...given] = process.argv.slice(2);
const now = Date.now();
const ids = () => readFileSync(0, "utf8").split("\n").filter(Boolean);
const NAMES = ["person", "claim", "number", "grant", "posting", "order", "sms", "mail", "part"];

// In the order of time, as UUIDv7 are.
let drawn = 0;
const id = () => {
  const time = (now + Math.floor(drawn / 16)).toString(16).padStart(12, "0");
  const tail = (drawn++ % 4096).toString(16).padStart(3, "0") + "8" + randomBytes(8).toString("hex").slice(1);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${tail.slice(3, 7)}-${tail.slice(7, 19).padEnd(12, "0")}`;
};
const number = () => `MG-${randomBytes(6).toString("hex").toUpperCase().match(/..../g).join("-")}`;
const person = (person) => [person, id(), number(), id(), id(), id(), id(), id(), randomInt(32)];

function sessions([engine, folder]) {
  const rows = [], cookies = [];
  for (const subscriber of ids()) {
    const cookie = randomBytes(16).toString("base64url");
    const key = createHash("sha256").update(cookie).digest("hex");
    const visit = { who: { subscriber }, signed_in_at: now, touched_at: now };
    const data = JSON.stringify({ visit });
    cookies.push(cookie);
    rows.push(
      engine === "sqlite"
        ? `INSERT INTO sessions (id, subscriber_id, data, expires_at) VALUES (x'${key}', '${subscriber}', '${data}', ${now + 1800000});`
        : `\\x${key},${subscriber},"${data.replaceAll('"', '""')}",${now + 1800000}`,
    );
  }
  if (engine === "sqlite") rows.unshift("BEGIN;"), rows.push("COMMIT;");
  writeFileSync(`${folder}/sessions.${engine === "sqlite" ? "sql" : "csv"}`, rows.join("\n") + "\n");
  writeFileSync(`${folder}/cookies`, cookies.join("\n") + "\n");
}

// Each statement with its values put in: `value` gives what stands for a name.
function statements(value, bytes) {
  const text = readFileSync(new URL("claim.sql", import.meta.url), "utf8");
  const put = (word) => {
    if (/^@\d+$/.test(word)) return `'${"x".repeat(Number(word.slice(1)))}'`;
    if (/^%\d+$/.test(word)) return bytes(randomBytes(Number(word.slice(1))).toString("hex"));
    return /^[a-z]+$/.test(word) ? value(word) : word;
  };
  return text.split("\n\n").slice(1).map((block) => {
    const [head, ...lines] = block.trim().split("\n");
    const values = head.slice(3).match(/'[^']*'|[^,\s]+/g).map(put);
    return lines.join(" ").replace(/\$(\d+)/g, (_, place) => values[place - 1]) + ";";
  });
}

const constant = (terms) => ({ terms: `'${terms}'`, now: `${now}`, later: `${now + 1800000}` });

function pgbench([terms]) {
  const known = constant(terms);
  const list = statements((name) => known[name] ?? `:${name}`, (hex) => `'\\x${hex}'`);
  console.log("\\set n :client_id * :each + :i");
  console.log(`SELECT ${NAMES.map((name) => `"${name}"`).join(", ")} FROM bench_people WHERE n = :n \\gset`);
  // The last line, since one that lost a race begins again at the first.
  console.log(["BEGIN ISOLATION LEVEL SERIALIZABLE;", ...list, "COMMIT;", "\\set i :i + 1"].join("\n"));
}

async function sqlite3([terms]) {
  const known = constant(terms);
  const list = statements((name) => known[name] ?? `:${name}:`, (hex) => `x'${hex}'`).join("\n");
  console.log("PRAGMA synchronous = FULL;\nPRAGMA foreign_keys = ON;");
  for (const one of ids()) {
    const made = person(one);
    const text = list.replace(/:([a-z]+):/g, (_, name) => (name === "part" ? made[8] : `'${made[NAMES.indexOf(name)]}'`));
    if (!process.stdout.write(`BEGIN IMMEDIATE;\n${text}\nCOMMIT;\n`)) await once(process.stdout, "drain");
  }
}

async function people([folder]) {
  const file = createWriteStream(`${folder}/people.csv`);
  ids().forEach((one, n) => file.write([n, ...person(one)].join(",") + "\n"));
  file.end();
  await once(file, "finish");
}

await { sessions, people, pgbench, sqlite3 }[what](given);
