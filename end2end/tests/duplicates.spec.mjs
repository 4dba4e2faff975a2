import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../fixtures.mjs";

const BASE = "/recovery/contacts/duplicates";

// The first card of a person's recovered files, as the import found it.
function firstCard(account) {
  const folder = join(process.env.MAKEGOOD_DATA_DIR, "recovered/data", account, "contacts");
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".vcf") && !name.includes("block"));
  const text = readFileSync(join(folder, files.sort()[0]), "utf8");
  return text.slice(0, text.indexOf("END:VCARD")).trimEnd();
}

// The same contact as a new phone has it: with a note of its own.
const onThePhone = (card) => `${card}\r\nTITLE:Met on the new phone\r\nEND:VCARD\r\n`;

test.describe("of somebody with contacts twice", () => {
  test.use({ as: "surplus" });

  test("they are listed with how sure it is and why, and shown side by side", async ({ page, inspect }) => {
    await page.goto(BASE);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Likely duplicates");
    await expect(page.locator(".likeness")).toHaveText(["Certain", "Likely", "Possible"]);
    await inspect("duplicates");
    await page.locator(".rows a").first().click();
    await expect(page.getByRole("heading", { name: "What should become of them?" })).toBeVisible();
    await inspect("duplicates-group");
    await page.getByRole("link", { name: "Merge them" }).click();
    if (!page.url().includes("/check")) {
      await inspect("duplicates-merge");
      await page.getByRole("button", { name: "Show me the merged contact" }).click();
    }
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check before you merge");
    await inspect("duplicates-check");
  });
});

test("a file from the phone is compared, merged and undone", async ({ page, person, inspect }) => {
  await page.goto(`${BASE}/phone`);
  await inspect("duplicates-phone");
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose a contacts file");
  await inspect("duplicates-phone-none");

  const file = { name: "phone.vcf", mimeType: "text/vcard", buffer: Buffer.from(onThePhone(firstCard(person.account))) };
  await page.getByLabel("Contacts file").setInputFiles(file);
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page).toHaveURL(BASE);
  await expect(page.getByText("1 on your phone").first()).toBeVisible();

  const group = page.locator(".rows > li", { hasText: "1 on your phone" }).first();
  const name = await group.getByRole("link").innerText();
  await group.getByRole("link").click();
  await inspect("duplicates-with-the-phone");
  await page.getByRole("link", { name: "Merge them" }).click();
  const show = page.getByRole("button", { name: "Show me the merged contact" });
  if (await show.isVisible()) await show.click();
  await expect(page.getByText("Met on the new phone")).toBeVisible();
  await page.getByRole("button", { name: "Merge them" }).click();
  await expect(page.getByRole("status")).toContainText(`${name}: Merged`);
  await inspect("duplicates-done");

  await page.getByRole("link", { name: "See or undo them" }).click();
  await inspect("duplicates-choices");
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect(page.getByText("You have not chosen anything, or undone it all.")).toBeVisible();
});

test("all certain ones are kept as the phone has them, and all of it undone", async ({ page, person, inspect }) => {
  const file = { name: "phone.vcf", mimeType: "text/vcard", buffer: Buffer.from(onThePhone(firstCard(person.account))) };
  await page.goto(`${BASE}/phone`);
  await page.getByLabel("Contacts file").setInputFiles(file);
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("link", { name: /^Keep what the phone has for/ }).click();
  await inspect("duplicates-certain");
  await page.getByRole("button", { name: /^Keep what the phone has for/ }).click();
  await expect(page.getByRole("status")).toContainText("Done for 1 group");
  await page.goto(`${BASE}/undo`);
  await inspect("duplicates-undo");
  await page.getByRole("button", { name: "Undo all of them" }).click();
  await expect(page.getByText("You have not chosen anything, or undone it all.")).toBeVisible();
  await page.goto(`${BASE}/phone`);
  await page.getByRole("button", { name: "Delete it now" }).click();
  await expect(page.getByRole("button", { name: "Delete it now" })).toHaveCount(0);
});

test("a file that is none says what is wrong", async ({ page, person, inspect }) => {
  expect(person.account).toBeTruthy();
  await page.goto(`${BASE}/phone`);
  await page.getByLabel("Contacts file").setInputFiles({ name: "page.vcf", mimeType: "text/vcard", buffer: Buffer.from("<html>") });
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("alert")).toContainText("no contacts file that we can read");
  await inspect("duplicates-phone-wrong");
});
