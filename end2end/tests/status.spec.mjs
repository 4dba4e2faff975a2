import { expect, test } from "../fixtures.mjs";

test("the status page tells everyone how it stands, without a script", async ({ page, inspect }) => {
  const scripts = [];
  page.on("request", (request) => request.resourceType() === "script" && scripts.push(request.url()));
  await page.goto("/status");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sidekick data outage");
  await expect(page.getByText(/^As of /)).toBeVisible();
  await expect(page.locator(".categories li")).toHaveCount(7);
  await expect(page.locator(".categories li").first()).toContainText(/[\d,]+ of [\d,]+ recovered/);
  await expect(page.locator(".timeline li").first()).toContainText("Calendars, tasks, notes and photos begin to open");
  expect(scripts).toEqual([]);
  await inspect("status");
});

test("its figures are there for machines", async ({ page }) => {
  const summary = await (await page.request.get("/api/v2/summary.json")).json();
  expect(summary.incidents[0].name).toBe("Sidekick data outage");
  expect(summary.components.length).toBeGreaterThanOrEqual(7);
  const feed = await page.request.get("/history.atom");
  expect(await feed.text()).toContain("<feed");
});
