import { expect, test } from "../fixtures.mjs";

test("the front page says what happened, what is done and what people get, and leads on by one button", async ({ page, inspect }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sidekick data outage");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText([
    "What happened",
    "What is being done",
    "What you get",
    "What you should know meanwhile",
    "What we have said, newest first",
  ]);
  await expect(page.locator("main .button")).toHaveText(["Check your recovery"]);
  await inspect("front");
  await page.getByRole("link", { name: "Check your recovery" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("it says on every page that it is a demonstration, and keeps out of search engines", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Demonstration with invented people; nothing can be claimed here")).toBeVisible();
  await expect(page.locator("meta[name=robots]")).toHaveAttribute("content", "noindex");
});

test.describe("of somebody signed in", () => {
  test.use({ as: "complete" });

  test("the front page leads to their recovery", async ({ page, inspect }) => {
    await page.goto("/");
    await inspect("front-signed-in");
    await page.getByRole("link", { name: "Check your recovery" }).click();
    await expect(page).toHaveURL(/\/recovery$/);
  });
});
