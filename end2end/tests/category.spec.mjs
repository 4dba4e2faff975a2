import { expect, test } from "../fixtures.mjs";

test.describe("of somebody whose everything is back", () => {
  test.use({ as: "complete" });

  test("contacts are paged and searched", async ({ page, inspect }) => {
    await page.goto("/recovery/contacts");
    await expect(page.getByText("128 of 128 recovered")).toBeVisible();
    await inspect("contacts");
    const names = page.locator(".rows .title");
    const first = await names.first().innerText();
    await page.getByRole("link", { name: "Next" }).click();
    await expect(names.first()).not.toHaveText(first);
    await page.getByRole("link", { name: "Previous" }).click();
    await expect(names.first()).toHaveText(first);

    await page.getByLabel("Search your contacts").fill(first);
    await page.getByRole("button", { name: "Search" }).click();
    await expect(page.getByRole("status")).toContainText(`for “${first}”`);
    await expect(names.first()).toHaveText(first);
    await inspect("contacts-found");

    await page.getByLabel("Search your contacts").fill("<b>no such person</b>");
    await page.getByRole("button", { name: "Search" }).click();
    await expect(page.getByRole("status")).toContainText("Nothing matches “<b>no such person</b>”.");
    await inspect("contacts-not-found");
  });

  test("photos are thumbnails that lead to the picture itself", async ({ page, inspect }) => {
    await page.goto("/recovery/photos");
    const pictures = page.locator(".photos img");
    for (const picture of await pictures.all()) {
      await picture.scrollIntoViewIfNeeded();
      await expect.poll(() => picture.evaluate((img) => img.complete && img.naturalWidth), { message: "a thumbnail" }).toBeGreaterThan(0);
    }
    await expect(pictures.first()).toHaveAttribute("alt", /^Photo /);
    await inspect("photos");
    await page.locator(".photos a").first().click();
    const picture = page.locator("img.picture");
    await expect.poll(() => picture.evaluate((img) => img.complete && img.naturalWidth), { message: "the picture" }).toBeGreaterThan(0);
    const answer = await page.request.get(await picture.getAttribute("src"));
    expect(answer.headers()["content-security-policy"]).toContain("sandbox");
    const bytes = await answer.body();
    expect([...bytes.subarray(0, 3)], "a JPEG").toEqual([0xff, 0xd8, 0xff]);
  });

  for (const category of ["calendar", "tasks", "notes", "high-scores", "purchases"]) {
    test(`${category} are listed`, async ({ page, inspect }) => {
      await page.goto(`/recovery/${category}`);
      await expect(page.locator(".rows .title").first()).toBeVisible();
      await inspect(category);
    });
  }
});

test.describe("of somebody who misses things", () => {
  test.use({ as: "partial" });

  test("what is missing is said plainly", async ({ page, inspect }) => {
    await page.goto("/recovery/contacts");
    await expect(page.getByText("236 contacts of yours have not come back.")).toBeVisible();
    await page.getByRole("link", { name: "report it" }).click();
    await expect(page).toHaveURL(/\/reports$/);
    await inspect("reports");
  });

  test("what is being checked shows its count and nothing else", async ({ page, inspect }) => {
    await page.goto("/recovery/tasks");
    await expect(page.getByText("12 of 12 recovered")).toBeVisible();
    await expect(page.locator(".rows")).toHaveCount(0);
    await expect(page.getByRole("link", { name: /^Download/ })).toHaveCount(0);
    await inspect("tasks-being-checked");
    expect((await page.request.get("/recovery/tasks/download")).status()).toBe(404);
  });
});

test.describe("of somebody whose photos are gone", () => {
  test.use({ as: "unrecoverable" });

  test("the reason is given", async ({ page, inspect }) => {
    await page.goto("/recovery/photos");
    await expect(page.getByText("We could not bring this back. We are sorry.")).toBeVisible();
    await inspect("photos-unrecoverable");
  });
});

test.describe("of somebody whose files are damaged", () => {
  test.use({ as: "damaged" });

  test("what cannot be read can be taken away as it is", async ({ page, inspect }) => {
    await page.goto("/recovery/photos");
    await expect(page.getByRole("heading", { name: "Files we could not read" })).toBeVisible();
    const file = page.locator("#unreadable ~ ul a").first();
    const answer = await page.request.get(await file.getAttribute("href"));
    expect(answer.status()).toBe(200);
    expect(answer.headers()["content-disposition"]).toMatch(/^attachment/);
    await inspect("photos-damaged");
  });
});
