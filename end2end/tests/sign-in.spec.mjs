import { expect, test } from "../fixtures.mjs";
import { newestCode, subscriberFor } from "../people.mjs";

const CODE = "Code";
const PHONE = "Your phone number";

async function askForCode(page, phone) {
  await page.goto("/sign-in");
  await page.getByLabel(PHONE).fill(phone);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await expect(page).toHaveURL(/\/sign-in\/code$/);
}

// The message takes a moment: the handset is opened until it is there.
async function readCode(handset, phone) {
  const newest = handset.locator(".messages .typed").first();
  await expect(async () => {
    await handset.goto(`/demo/handset?phone=${encodeURIComponent(phone)}`);
    await expect(newest).toBeVisible({ timeout: 100 });
  }).toPass({ intervals: [100] });
  return (await newest.innerText()).match(/\d{6}/)[0];
}

test("a phone and the code that arrives on it sign in", async ({ page, inspect }, testInfo) => {
  const { phone } = subscriberFor(testInfo);
  await page.goto("/sign-in");
  await inspect("sign-in");
  await askForCode(page, phone);
  await inspect("sign-in-code");

  const handset = await page.context().newPage();
  const code = await readCode(handset, phone);
  await handset.close();

  await page.getByLabel(CODE).fill(code);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/recovery$/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/recovery");
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText("Sign in first, to see what is yours.")).toBeVisible();
});

test("what is no phone number is explained, and stays in its field", async ({ page, inspect }) => {
  await page.goto("/sign-in");
  await page.getByLabel(PHONE).fill("555");
  await page.getByRole("button", { name: "Send me a code" }).click();
  await expect(page).toHaveTitle(/^Error: /);
  await expect(page.getByLabel(PHONE)).toHaveValue("555");
  await inspect("sign-in-mistake");
  await page.getByRole("alert").getByRole("link", { name: /^Enter your phone number/ }).click();
  await expect(page.getByLabel(PHONE)).toBeFocused();
});

test("a wrong code is explained in a summary that leads to the field, and the right one still works", async ({ page, inspect }, testInfo) => {
  const { phone } = subscriberFor(testInfo);
  await askForCode(page, phone);
  const right = await newestCode(page.request, phone);
  const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, "0");
  await page.getByLabel(CODE).fill(wrong);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("There is a problem");
  await inspect("sign-in-wrong-code");
  await page.getByRole("alert").getByRole("link").click();
  await expect(page.getByLabel(CODE)).toBeFocused();
  await page.getByLabel(CODE).fill(right);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/recovery$/);
});

test("a number that nobody has is answered like any other, until codes were asked too often", async ({ page, inspect }, { project }) => {
  const index = ["phone", "phone-without-javascript", "desktop", "desktop-without-javascript"].indexOf(project.name);
  const nobodys = `(702) 555-019${index}`;
  await askForCode(page, nobodys);
  await page.getByRole("button", { name: "Send another code" }).click();
  await expect(page.getByText(/You can ask for another code in \d+ seconds/)).toBeVisible();
  await page.goto("/sign-in");
  await page.getByLabel(PHONE).fill(nobodys);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await expect(page.getByText(/You can ask for another in \d+ seconds/)).toBeVisible();
  await expect(page.getByLabel(PHONE)).toHaveValue(nobodys);
  await inspect("sign-in-wait");
});
