import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makegood } from "../command.mjs";
import { expect, test } from "../fixtures.mjs";

const card = (page, category) => page.locator(`[data-category=${category}]`);

// A note that was not there before, in a folder that `makegood import` takes.
async function importNote(account, folder) {
  const path = join(folder, "data", account, "notes", "found-later.txt");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `Found later, for ${account}\n`);
  return makegood("import", folder);
}

async function release(category, account, folder) {
  await mkdir(folder, { recursive: true });
  const list = join(folder, "accounts.txt");
  await writeFile(list, `${account}\n`);
  return makegood("release", category, "--accounts", list);
}

const counted = async (page, category) => Number.parseInt(await card(page, category).locator(".count").innerText(), 10);

test("what is imported and released while the page is open shows on it", async ({ page, person, javaScriptEnabled }, testInfo) => {
  const folder = testInfo.outputPath("recovered");
  await page.goto("/recovery");
  const before = await counted(page, "notes");

  expect((await importNote(person.account, folder)).items).toBe(1);
  if (!javaScriptEnabled) await page.reload();
  await expect(card(page, "notes").locator(".count")).toContainText(`${before + 1}`);

  await release("notes", person.account, join(folder, ".."));
  if (!javaScriptEnabled) await page.reload();
  await expect(card(page, "notes").locator(".state")).toHaveText(/Restored|Partially restored/);
  if (javaScriptEnabled) await expect(page.getByRole("status")).toContainText("Notes:");
});
