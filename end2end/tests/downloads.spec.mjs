import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "../fixtures.mjs";
import { codeFor } from "../people.mjs";

// What came down, checked and unpacked into a folder of the test's own.
async function download(page, link, testInfo) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(await file.failure()).toBeNull();
  expect(file.suggestedFilename()).toMatch(/\.zip$/);
  const path = testInfo.outputPath("download.zip");
  await file.saveAs(path);
  execFileSync("unzip", ["-tqq", path]);
  const folder = testInfo.outputPath("unpacked");
  execFileSync("unzip", ["-qq", path, "-d", folder]);
  return folder;
}

const cards = (path) => readFileSync(path, "utf8").match(/^BEGIN:VCARD/gm).length;

test.describe("of somebody whose everything is back", () => {
  test.use({ as: "complete" });

  test("contacts are a ZIP with every card", async ({ page }, testInfo) => {
    await page.goto("/recovery/contacts");
    const folder = await download(page, page.getByRole("link", { name: "Download your contacts" }), testInfo);
    expect(cards(`${folder}/contacts/contacts.vcf`)).toBe(128);
  });

  test("everything is a ZIP that proves itself", async ({ page, inspect }, testInfo) => {
    await page.goto("/recovery");
    await page.getByRole("link", { name: "Download everything" }).click();
    await inspect("archive");
    const folder = await download(page, page.getByRole("link", { name: /^Download the ZIP/ }), testInfo);
    execFileSync("sha256sum", ["--quiet", "--strict", "-c", "MANIFEST.sha256"], { cwd: folder });
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["README.html", "contacts", "calendar", "photos", "manifest.json"]));
    expect(cards(`${folder}/contacts/contacts.vcf`)).toBe(128);
    expect(readdirSync(`${folder}/photos`, { recursive: true }).filter((name) => /\.jpe?g$/i.test(name))).toHaveLength(24);
  });
});

test.describe("of somebody who waits for most of it", () => {
  test.use({ as: "waiting" });

  test("everything says what is not in it", async ({ page, inspect }, testInfo) => {
    await page.goto("/recovery/archive");
    await expect(page.getByRole("heading", { name: "What is not in it" })).toBeVisible();
    await inspect("archive-partly");
    const folder = await download(page, page.getByRole("link", { name: /^Download the ZIP/ }), testInfo);
    expect(readdirSync(folder)).toContain("contacts");
    expect(readdirSync(folder)).not.toContain("calendar");
  });
});

test.describe("of somebody who takes part of it away", () => {
  test.use({ as: "partial" });

  test("a download that was cut goes on to the same bytes", async ({ page }) => {
    const whole = await page.request.get("/recovery/archive.zip");
    const body = await whole.body();
    const { etag, "accept-ranges": ranges, "last-modified": modified } = whole.headers();
    expect(ranges).toBe("bytes");
    for (const condition of [etag, modified]) {
      const headers = { range: "bytes=1000-", "if-range": condition };
      const rest = await page.request.get("/recovery/archive.zip", { headers });
      expect(rest.status()).toBe(206);
      expect(Buffer.compare(await rest.body(), body.subarray(1000))).toBe(0);
    }
    const other = await page.request.get("/recovery/archive.zip", { headers: { range: "bytes=1000-", "if-range": '"other"' } });
    expect(other.status()).toBe(200);
  });
});

test("a link for a download manager is made with a code, shown once, listed and ended", async ({ page, person, inspect, playwright, baseURL }, testInfo) => {
  await page.goto("/recovery/archive");
  await page.getByRole("link", { name: "Make a download link" }).click();
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByLabel("Code").fill(await codeFor(page.request, person.phone, "confirms what you do"));
  await page.getByRole("button", { name: "Make the link" }).click();
  await expect(page.getByRole("heading", { name: "Your download link", level: 1 })).toBeVisible();
  await inspect("download-link");
  const address = await page.locator(".command code").first().textContent();

  // Somebody without a cookie, as a download manager is.
  const manager = await playwright.request.newContext({ baseURL });
  const answer = await manager.get(address);
  expect(answer.status()).toBe(200);
  const path = testInfo.outputPath("linked.zip");
  writeFileSync(path, await answer.body());
  execFileSync("unzip", ["-tqq", path]);

  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Everything, as of" })).toBeVisible();
  await inspect("account-with-link");
  await page.getByRole("button", { name: "End the link to Everything" }).click();
  await expect(page.getByText("There is none that works now.")).toBeVisible();
  expect((await manager.get(address)).status()).toBe(404);
  await manager.dispose();
});

test("nobody takes anything without signing in", async ({ page }) => {
  for (const address of ["/recovery/archive.zip", "/recovery/contacts/download"]) {
    const answer = await page.request.get(address, { maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    expect(answer.headers().location).toMatch(/^\/sign-in/);
  }
});
