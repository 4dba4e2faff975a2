import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

test("the first page answers, and anyone can use it", async ({ page }, { project }) => {
  const answer = await page.goto("/");
  expect(answer.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.screenshot({ path: `screenshots/home-${project.name}.png`, fullPage: true });
});
