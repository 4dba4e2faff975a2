// Gathers what the server embeds into target/site. Names carry a hash of the bytes, so that browsers may
// keep them for ever; each file has its Brotli and gzip forms beside it. assets.json says what is called what.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const SITE = "target/site";
const ISLANDS = "target/islands";
const VERIFIER = "target/verify";
const PUBLIC = "public";

// The oldest browsers that know cascade layers; what is newer than they are is written in older words.
const BROWSERS = ["chrome99", "safari15.4", "firefox97"];

// Crawlers and browsers ask for these by name.
const AT_THE_ROOT = /^(robots\.txt|favicon\.ico|.*\.webmanifest)$/;

const hash = (...parts) => parts.reduce((all, part) => all.update(part), createHash("sha256")).digest("hex").slice(0, 16);

const hashedName = (name, bytes) => {
  const ext = extname(name);
  return `${name.slice(0, name.length - ext.length)}.${hash(bytes)}${ext}`;
};

const filesIn = (folder) =>
  !existsSync(folder)
    ? []
    : readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
        .sort();

// The glue that wasm-bindgen wrote, made small, and the WebAssembly: one hash for the folder of both.
async function islands() {
  const files = new Map();
  for (const name of filesIn(ISLANDS).filter((name) => /\.(js|wasm)$/.test(name))) {
    const bytes = readFileSync(join(ISLANDS, name));
    const small = async () => Buffer.from((await transform(bytes.toString(), { minify: true, format: "esm" })).code);
    files.set(name, name.endsWith(".js") ? await small() : bytes);
  }
  return { files, hash: hash(...[...files].flat()) };
}

// The page and the worker that check an archive, and their WebAssembly: one hash for the folder of all three.
// Without the module they are left out, so that style can be looked at before anything is built.
async function verifier() {
  const files = new Map();
  const wasm = join(VERIFIER, "verify_bg.wasm");
  if (existsSync(wasm)) {
    files.set("verify_bg.wasm", readFileSync(wasm));
    const scripts = { page: "archive/browser/page.js", worker: "archive/browser/worker.js" };
    const alias = { verify: `./${VERIFIER}/verify.js` };
    // A worker of old browsers is a script and no module; the WebAssembly lies beside it.
    const define = { "import.meta.url": "self.location.href" };
    const options = { bundle: true, minify: true, write: false, format: "iife", outdir: "/", target: BROWSERS };
    const { outputFiles } = await build({ entryPoints: scripts, alias, define, ...options });
    for (const { path, contents } of outputFiles) files.set(path.split("/").pop(), Buffer.from(contents));
  }
  return { files, hash: hash(...[...files].flat()) };
}

async function style() {
  const options = { bundle: true, minify: true, write: false, target: BROWSERS, external: ["/assets/*"] };
  const result = await build({ entryPoints: ["style/main.css"], ...options });
  return result.outputFiles[0].text;
}

// Style and manifest name icons as /assets/NAME; they are given the hashed names.
const withHashedNames = (text, icons) =>
  text.replace(/\/assets\/([\w./-]+)/g, (whole, name) => (icons[name] ? `/assets/${icons[name]}` : whole));

// Everything the site holds: path within target/site to bytes, and the list for the server.
async function site() {
  const files = new Map();
  const icons = {};
  const root = {};
  const names = filesIn(PUBLIC);
  for (const name of names.filter((name) => !AT_THE_ROOT.test(name))) {
    const bytes = readFileSync(join(PUBLIC, name));
    files.set(`assets/${(icons[name] = hashedName(name, bytes))}`, bytes);
  }
  for (const name of names.filter((name) => AT_THE_ROOT.test(name))) {
    const raw = readFileSync(join(PUBLIC, name));
    const bytes = name.endsWith(".ico") ? raw : Buffer.from(withHashedNames(raw.toString(), icons));
    root[name] = hash(bytes);
    files.set(`root/${name}`, bytes);
  }
  const css = Buffer.from(withHashedNames(await style(), icons));
  const sheet = hashedName("main.css", css);
  files.set(`assets/${sheet}`, css);
  const pkg = await islands();
  const verify = await verifier();
  for (const part of [pkg, verify]) for (const [name, bytes] of part.files) files.set(`pkg/${part.hash}/${name}`, bytes);
  const madeBy = hash(readFileSync(new URL(import.meta.url)));
  return { files, list: { pkg: pkg.hash, verify: verify.hash, style: sheet, icons, root, made_by: madeBy } };
}

function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params });
}

// Written beside the old one and swapped in, so that a killed run leaves no half a site.
function write(files, list) {
  const fresh = `${SITE}.new`;
  rmSync(fresh, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    const path = join(fresh, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    writeFileSync(`${path}.br`, brotli(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
  writeFileSync(join(fresh, "assets.json"), list);
  rmSync(SITE, { recursive: true, force: true });
  renameSync(fresh, SITE);
}

const { files, list } = await site();
const text = `${JSON.stringify(list, null, 2)}\n`;
const before = join(SITE, "assets.json");
// Left alone when nothing changed, so that cargo has nothing to embed again.
if (!existsSync(before) || readFileSync(before, "utf8") !== text) write(files, text);
