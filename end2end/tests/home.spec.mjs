import { expect, test } from "../fixtures.mjs";

test("the first page answers, and anyone can use it", async ({ page, violations, picture }) => {
  const answer = await page.goto("/");
  expect(answer.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await violations()).toEqual([]);
  await picture("home");
});
