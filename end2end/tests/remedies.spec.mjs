import { expect, test } from "../fixtures.mjs";

const NUMBER = /\/claims\/[A-Z0-9-]+$/;
const WAIVES_NOTHING = "Claiming does not limit any right you have, in or out of court";

// On paper: the number, each step with its time, and what was agreed, without what can only be pressed.
async function isAReceipt(page, number) {
  await page.emulateMedia({ media: "print" });
  const main = page.getByRole("main");
  for (const text of [number, "$100", "12 Example Street", "Claim received", "Claim granted", WAIVES_NOTHING]) {
    await expect(main.getByText(text).first()).toBeVisible();
  }
  for (const pressed of [page.getByRole("navigation"), page.getByRole("button"), main.locator("a.button")]) {
    await expect(pressed.locator("visible=true")).toHaveCount(0);
  }
  await page.emulateMedia({ media: null });
}

test("both remedies are claimed in one pass, and stay two claims however often the button is pressed", async ({ page, person, inspect }) => {
  expect(person.plan).toBe("data-20");
  await page.goto("/remedies");
  await expect(page.getByRole("heading", { name: "You are entitled to this" })).toHaveCount(2);
  await inspect("remedies");
  await page.getByRole("link", { name: "Claim both" }).click();
  await expect(page.getByText(WAIVES_NOTHING)).toHaveCount(2);
  await inspect("remedies-all");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("How should it reach you?");
  await inspect("remedies-way");
  await page.getByRole("radio", { name: /^By e-mail/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check before you claim");
  await inspect("remedies-check");

  const form = page.locator("form[action$='/claim']");
  const fields = Object.fromEntries(await form.locator("input").evaluateAll((all) => all.map(({ name, value }) => [name, value])));
  const action = await form.getAttribute("action");
  await page.getByRole("button", { name: "Make these claims" }).dblclick();
  await expect(page.getByText("Your claims are made.")).toBeVisible();
  await inspect("claims-made");
  // A second tab that stood on the same form.
  await page.request.post(action, { form: fields, headers: { origin: new URL(page.url()).origin } });
  await page.reload();
  await page.goto("/claims");
  await expect(page.locator("main a[href^='/claims/']")).toHaveCount(2);
  await page.goto("/remedies");
  await expect(page.getByText("You have claimed this:")).toHaveCount(2);
  await inspect("remedies-claimed");
});

test("one remedy is claimed and followed by its number", async ({ page, person, inspect }) => {
  await page.goto("/remedies");
  await page.getByRole("link", { name: "Claim this (A $100 gift card)" }).click();
  await expect(page.getByText(WAIVES_NOTHING)).toBeVisible();
  await inspect("remedies-gift-card");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("link", { name: "Choose how it should reach you" })).toBeVisible();
  await inspect("remedies-way-missing");
  await page.getByRole("radio", { name: "By post" }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Where should we send it?");
  await page.getByLabel("Address, line 1").fill("12 Example Street");
  await page.getByLabel("Country").fill("United States");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("link", { name: "Enter the town or city" })).toBeVisible();
  await inspect("remedies-address-wrong");
  await page.getByLabel("Town or city").fill("Springfield");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("12 Example Street")).toBeVisible();
  expect(page.url()).not.toContain("Example");
  await inspect("remedies-check-post");
  await page.getByRole("button", { name: "Make this claim" }).click();
  await expect(page).toHaveURL(NUMBER);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your claim is made");
  const number = page.url().split("/").at(-1);
  await inspect("claim-made");
  await isAReceipt(page, number);

  await page.reload();
  await expect(page.getByText(number).first()).toBeVisible();
  await page.goBack();
  await page.goForward();
  await page.getByRole("link", { name: "All your claims" }).click();
  await expect(page.locator("main a[href^='/claims/']")).toHaveText([number]);
  await inspect("claims");
  await page.getByRole("link", { name: number }).click();
  await page.getByRole("link", { name: "A $100 gift card" }).click();
  await expect(page).toHaveURL(/\/remedies\/gift-card$/);
  await expect(page.getByRole("button", { name: "Continue" })).toHaveCount(0);
  const messages = await page.request.get("/demo/handset", { params: { phone: person.phone } });
  expect(await messages.text()).toContain(`your claim ${number}`);
});

test.describe("on another plan", () => {
  test.use({ as: "otherPlan" });

  test("the free month says why not, and the gift card stays", async ({ page, inspect }) => {
    await page.goto("/remedies");
    await expect(page.getByRole("heading", { name: "You are entitled to this" })).toHaveCount(1);
    await expect(page.getByRole("heading", { name: "You are not entitled to this" })).toHaveCount(1);
    await inspect("remedies-other-plan");
    await page.getByRole("link", { name: "Why, and the terms" }).click();
    await expect(page.getByRole("button", { name: "Continue" })).toHaveCount(0);
    await inspect("remedies-not-entitled");
  });
});

test.describe("before anything is claimed", () => {
  test.use({ as: "complete" });

  test("the list of claims leads to what can be claimed", async ({ page, inspect }) => {
    await page.goto("/claims");
    await inspect("claims-none");
    await page.getByRole("link", { name: "See what you can claim" }).click();
    await expect(page).toHaveURL(/\/remedies$/);
  });

  test("somebody else's claim is not found", async ({ page }) => {
    expect((await page.goto("/claims/MG-AAAA-AAAA-AAAA")).status()).toBe(404);
  });
});
