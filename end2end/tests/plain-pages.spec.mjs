import { expect, test } from "../fixtures.mjs";

for (const name of ["help", "terms", "privacy", "accessibility"]) {
  test(`${name} is there for everyone`, async ({ page, inspect }) => {
    await page.goto("/");
    await page.getByRole("contentinfo").getByRole("link", { name, exact: false }).click();
    await expect(page).toHaveURL(new RegExp(`/${name}$`));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await inspect(name);
  });
}

test("an address that leads nowhere helps on", async ({ page, inspect }) => {
  expect((await page.goto("/no/such/page")).status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  await inspect("not-found");
  await page.getByRole("link", { name: "Go to the start" }).click();
  await expect(page).toHaveURL(/\/$/);
});

test("the handset shows what would have been sent", async ({ page, person, inspect }) => {
  await page.goto("/demo/handset");
  await page.getByLabel("Show the messages of one phone").fill(person.phone);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.locator(".messages li")).toHaveCount(1);
  await inspect("handset");
});
