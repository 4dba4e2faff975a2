import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { BINARY } from "../command.mjs";
import { expect, test } from "../fixtures.mjs";

const PAGE = "/recovery/verify";

test("whoever has no JavaScript is told how to check it elsewhere", async ({ page, inspect, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled, "is about pages without JavaScript");
  await page.goto(PAGE);
  await expect(page.getByText("needs JavaScript")).toBeVisible();
  await expect(page.locator("#check")).toBeHidden();
  for (const words of ["sha256sum -c MANIFEST.sha256", "certutil -hashfile", "makegood verify"]) {
    await expect(page.getByText(words)).toBeVisible();
  }
  await inspect("verify");
});

test.describe("in the browser", () => {
  test.skip(({ javaScriptEnabled }) => !javaScriptEnabled, "needs JavaScript");
  test.use({ as: "complete" });

  // The archive of somebody whose everything is back.
  const download = async (page) => (await page.request.get("/recovery/archive.zip")).body();

  // Chooses a file of these bytes, or the one at this path, and gives what the page sends from then on.
  async function choose(page, file, name = "recovered-data.zip") {
    const sent = [];
    page.on("request", (request) => sent.push(request));
    const chosen = typeof file === "string" ? file : { name, mimeType: "application/zip", buffer: file };
    await page.getByLabel("Choose the ZIP").setInputFiles(chosen);
    return sent;
  }

  const verdict = (page) => page.locator("#verdict");

  test("a whole archive is whole, and nothing of it is sent", async ({ page, inspect }) => {
    await page.goto(PAGE);
    await inspect("verify");
    const sent = await choose(page, await download(page));
    await expect(verdict(page)).toHaveText("The archive is whole: every file is as it was sent.");
    await expect(page.getByRole("status")).toHaveText("The archive is whole: every file is as it was sent.");
    await page.getByText(/^\d+ files whole$/).click();
    await expect(page.getByText("contacts/contacts.vcf", { exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: "Download it again" })).toBeHidden();
    await inspect("verify-whole");
    expect(sent.map((request) => [request.method(), request.postData(), new URL(request.url()).pathname.split("/").pop()])).toEqual([
      ["GET", null, "worker.js"],
      ["GET", null, "verify_bg.wasm"],
    ]);
  });

  test("the page could send nothing if it wanted to", async ({ page }) => {
    const policy = (await page.request.get(PAGE)).headers()["content-security-policy"];
    expect(policy).toMatch(/script-src 'nonce-[^']+';/);
    expect(policy).toContain("connect-src 'none'");
    expect(policy).toContain("worker-src 'self'");
    expect(policy).not.toContain("unsafe");
  });

  test("a damaged and a missing file are named", async ({ page, inspect }) => {
    const zip = await download(page);
    zip[zip.indexOf("BEGIN:VCARD") + 20] ^= 1;
    await page.goto(PAGE);
    await choose(page, zip);
    await expect(verdict(page)).toHaveText("The archive is not whole.");
    await expect(page.locator("#wrong li")).toHaveText([/contacts\/.* – damaged: its bytes are not those that were sent$/]);
    await expect(page.getByRole("link", { name: "Download it again" })).toBeVisible();
    await inspect("verify-damaged");

    const list = archive([["a.txt", Buffer.from("a")]], ["b.txt"]);
    await choose(page, list);
    await expect(page.locator("#wrong li")).toHaveText(["b.txt – missing"]);
  });

  test("a download that stopped is told from a finished one", async ({ page, inspect }) => {
    const zip = await download(page);
    await page.goto(PAGE);
    await choose(page, zip.subarray(0, zip.length / 2));
    await expect(page.locator("#faults")).toContainText("the download was not finished");
    await expect(page.locator("#wrong li")).toHaveText([/ – cut off: the file ends within it$/]);
    await inspect("verify-truncated");
  });

  test("another file is called that", async ({ page }) => {
    await page.goto(PAGE);
    for (const [bytes, words] of [
      [Buffer.from("<!DOCTYPE html><title>Sign in</title>"), "This is not a ZIP."],
      [Buffer.alloc(0), "The file is empty."],
    ]) {
      await choose(page, bytes);
      await expect(verdict(page)).toHaveText(words);
      await expect(page.getByText("Is it the very file")).toBeVisible();
    }
  });

  test("it can be dropped on the page", async ({ page }) => {
    await page.goto(PAGE);
    const zip = archive([["a.txt", Buffer.from("a")]]);
    const dropped = await page.evaluateHandle((bytes) => {
      const held = new DataTransfer();
      held.items.add(new File([new Uint8Array(bytes)], "recovered-data.zip"));
      return held;
    }, [...zip]);
    await page.locator("#drop").dispatchEvent("drop", { dataTransfer: dropped });
    await expect(verdict(page)).toHaveText("The archive is whole: every file is as it was sent.");
  });

  test("a large one shows how far it is, and can be stopped", async ({ page }, testInfo) => {
    test.slow();
    const path = testInfo.outputPath("large.zip");
    writeFileSync(path, archive([["photos/large.jpg", Buffer.alloc(120_000_000)]]));
    await page.goto(PAGE);
    await choose(page, path);
    await expect(page.getByText("Checking large.zip, 120 MB.")).toBeVisible();
    await expect.poll(() => page.getByRole("progressbar").evaluate((bar) => bar.value)).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.getByRole("status")).toHaveText("Stopped. Nothing was found out.");
    await expect(page.getByRole("progressbar")).toBeHidden();

    await choose(page, path);
    await expect(verdict(page)).toHaveText("The archive is whole: every file is as it was sent.", { timeout: 60_000 });
  });
});

test("the command line says the same", async ({ javaScriptEnabled }, testInfo) => {
  test.skip(!javaScriptEnabled, "needs no browser, and so runs once");
  const path = testInfo.outputPath("archive.zip");
  const verify = (bytes, ...options) => {
    writeFileSync(path, bytes);
    const { status, stdout } = spawnSync(BINARY, ["verify", path, ...options], { encoding: "utf8" });
    return { status, stdout };
  };
  const good = archive([["a.txt", Buffer.from("a")]]);
  expect(verify(good)).toEqual({ status: 0, stdout: "The archive is whole: every file is as it was sent.\n2 files, all whole.\n" });
  const bad = archive([["a.txt", Buffer.from("a")]], ["b.txt"]);
  expect(verify(bad)).toEqual({ status: 1, stdout: "The archive is not whole.\nb.txt: missing\n3 files, 2 of them whole.\n" });
  expect(JSON.parse(verify(bad, "--json").stdout).files.map(({ path, state }) => [path, state])).toEqual([
    ["a.txt", "whole"],
    ["MANIFEST.sha256", "whole"],
    ["b.txt", "missing"],
  ]);
  expect(spawnSync(BINARY, ["verify", `${path}.gone`]).status).toBe(2);
  const piped = spawnSync(BINARY, ["verify", "-"], { input: good });
  expect(piped.status).toBe(0);
});

// An archive as the portal lays it out, made here a second time so that the one can be held to the other.
function archive(files, alsoListed = []) {
  const sum = (bytes) => createHash("sha256").update(bytes).digest("hex");
  const lines = [...files.map(([name, bytes]) => [name, sum(bytes)]), ...alsoListed.map((name) => [name, sum("")])];
  const list = Buffer.from(lines.map(([name, digest]) => `${digest}  ${name}\n`).join(""));
  const [bodies, directory] = [[], []];
  let at = 0;
  for (const [name, bytes] of [...files, ["MANIFEST.sha256", list]]) {
    const common = fields([2, 1 << 11], [2, 0], [2, 0], [2, (1 << 5) | 1], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]);
    directory.push(Buffer.from("PK\x01\x02"), fields([2, (3 << 8) | 10], [2, 10]), common);
    directory.push(fields([2, 0], [2, 0], [2, 0], [4, 0o100644 * 65536], [4, at]), Buffer.from(name));
    const entry = [Buffer.from("PK\x03\x04"), fields([2, 10]), common, Buffer.from(name), bytes];
    at += entry.reduce((length, part) => length + part.length, 0);
    bodies.push(...entry);
  }
  const size = directory.reduce((length, part) => length + part.length, 0);
  const end = fields([2, 0], [2, 0], [2, files.length + 1], [2, files.length + 1], [4, size], [4, at], [2, 0]);
  return Buffer.concat([...bodies, ...directory, Buffer.from("PK\x05\x06"), end]);
}

// Little-endian, each as wide as it says.
function fields(...values) {
  return Buffer.concat(
    values.map(([width, value]) => {
      const bytes = Buffer.alloc(width);
      bytes.writeUIntLE(value, 0, width);
      return bytes;
    }),
  );
}

function crc32(bytes) {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) crc = table[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
