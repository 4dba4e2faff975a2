import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "../fixtures.mjs";

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

test("nobody takes anything without signing in", async ({ page }) => {
  for (const address of ["/recovery/archive.zip", "/recovery/contacts/download"]) {
    const answer = await page.request.get(address, { maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    expect(answer.headers().location).toMatch(/^\/sign-in/);
  }
});
