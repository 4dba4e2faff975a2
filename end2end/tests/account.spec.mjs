import { expect, test } from "../fixtures.mjs";

test("the account shows what is held, and signs out everywhere", async ({ page, person, inspect }) => {
  await page.goto("/account");
  await expect(page.getByText(person.name)).toBeVisible();
  await expect(page.getByText("This browser")).toBeVisible();
  await inspect("account");
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("what is personal is not for those who are not signed in", async ({ page }) => {
  for (const address of ["/recovery", "/recovery/contacts", "/recovery/archive", "/remedies", "/claims", "/account", "/reports"]) {
    await page.goto(address);
    await expect(page, address).toHaveURL(/\/sign-in/);
  }
});
