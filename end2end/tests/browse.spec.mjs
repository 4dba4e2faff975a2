// Looking through what came back: one item, its files, the letters, the months.
import { expect, test } from "../fixtures.mjs";

test.use({ as: "complete" });

test("a letter leads to its contacts, and a contact to all that its card says", async ({ page, inspect }) => {
  await page.goto("/recovery/contacts");
  await page.getByRole("navigation", { name: "Go to" }).getByRole("link", { name: "M", exact: true }).click();
  await expect(page.getByRole("heading", { level: 3 }).first()).toHaveText("M");
  await inspect("contacts-at-m");
  const first = page.locator(".rows .title a").first();
  const name = await first.innerText();
  await first.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.locator('a[href^="tel:"], a[href^="mailto:"]').first()).toBeVisible();
  await inspect("contact");
  const card = await page.request.get(await page.getByRole("link", { name: "Download as a card (.vcf)" }).getAttribute("href"));
  expect(card.headers()["content-disposition"]).toMatch(/^attachment; filename=".*\.vcf"/);
  expect(await card.text()).toMatch(/^BEGIN:VCARD\r\nVERSION:3\.0/);
  const original = await page.request.get(await page.getByRole("link", { name: "Download the file it came in" }).getAttribute("href"));
  expect(original.status()).toBe(200);
  await page.getByRole("link", { name: "All contacts" }).click();
  await expect(page.locator(".rows .title a").first()).toHaveText(name);
});

test("the calendar is read by day and by month", async ({ page, inspect, viewport }) => {
  await page.goto("/recovery/calendar");
  await expect(page.getByRole("heading", { level: 3 }).first()).toHaveText(/, \d+ \w+ 200\d$/);
  await page.getByRole("link", { name: "By month" }).click();
  await expect(page.getByRole("heading", { name: "October 2009" })).toBeVisible();
  // On a narrow screen the days without anything are not shown.
  const empty = page.locator(".month .empty").first();
  await expect(empty).toBeVisible({ visible: viewport.width > 720 });
  await inspect("month");
  await page.getByRole("link", { name: /^Previous month/ }).click();
  await expect(page.getByRole("heading", { name: "September 2009" })).toBeVisible();
  await page.locator(".month a").first().click();
  await expect(page.getByText("America/Los_Angeles").first()).toBeVisible();
  await inspect("calendar-entry");
  const entry = await page.request.get(await page.getByRole("link", { name: "Download as a calendar file (.ics)" }).getAttribute("href"));
  expect(await entry.text()).toMatch(/^BEGIN:VCALENDAR[^]*BEGIN:VEVENT/);
});

test("a picture's page leads to the one before and after", async ({ page, inspect }) => {
  await page.goto("/recovery/photos");
  await page.locator(".photos a").nth(1).click();
  const name = await page.getByRole("heading", { level: 1 }).innerText();
  await inspect("photo");
  await page.getByRole("link", { name: "Next photo" }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(name);
  await page.getByRole("link", { name: "Previous photo" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
});

test("tasks are told by their state", async ({ page }) => {
  await page.goto("/recovery/tasks");
  await page.getByRole("link", { name: "Done", exact: true }).click();
  await expect(page.getByRole("heading", { level: 3 })).toHaveText(["Done"]);
  await page.getByRole("link", { name: "To do", exact: true }).click();
  await expect(page.getByRole("heading", { level: 3 })).toHaveText(["To do"]);
});

for (const category of ["tasks", "notes", "high-scores", "purchases"]) {
  test(`one of the ${category} has a page`, async ({ page, inspect }) => {
    await page.goto(`/recovery/${category}`);
    const first = page.locator(".rows .title a").first();
    const name = await first.innerText();
    await first.click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    await inspect(`${category}-item`);
    const file = await page.request.get(await page.getByRole("link", { name: /^Download as / }).getAttribute("href"));
    expect(file.headers()["content-disposition"]).toMatch(/^attachment/);
  });
}
