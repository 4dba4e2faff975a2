import { expect, test } from "../fixtures.mjs";

const outline = (locator) =>
  locator.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth);
  });

test("the first stop skips to the main part, and every stop of a form is seen", async ({ page }) => {
  await page.goto("/sign-in");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the main part" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  for (const stop of [page.getByLabel("Your phone number"), page.getByRole("button", { name: "Send me a code" })]) {
    await page.keyboard.press("Tab");
    await expect(stop).toBeFocused();
    expect(await outline(stop)).toBeGreaterThanOrEqual(2);
  }
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("555");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("There is a problem");
});
