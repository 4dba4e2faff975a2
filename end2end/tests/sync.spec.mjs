import { expect, test } from "../fixtures.mjs";
import { newestCode } from "../people.mjs";

const DESTINATIONS = { iphone: "On an iPhone", android: "On an Android phone", outlook: "In Outlook", "basic-phone": "On a basic phone" };

test.describe("where it can go from here", () => {
  test.use({ as: "complete" });

  test("each destination has its own page, with a code that opens the archive on the phone", async ({ page, inspect }) => {
    await page.goto("/recovery/archive/to");
    await inspect("destinations");
    for (const [slug, title] of Object.entries(DESTINATIONS)) {
      await page.goto("/recovery/archive/to");
      await page.getByRole("main").getByRole("link", { name: title }).click();
      await expect(page).toHaveURL(new RegExp(`/recovery/archive/to/${slug}$`));
      await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
      const code = page.getByRole("img", { name: /^QR code/ });
      await expect(code).toBeVisible();
      expect(await code.evaluate((image) => image.complete && image.naturalWidth > 0)).toBe(true);
      await expect(page.locator(".scan code")).toHaveText(/\/recovery\/archive$/);
      await inspect(`to-${slug}`);
    }
  });
});

test("an app password is named, confirmed, shown once, opens the address for phones, and ends", async ({ page, person, inspect, baseURL }) => {
  await page.goto("/account");
  await page.getByRole("link", { name: "Make an app password" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveTitle(/^Error: /);
  await inspect("app-password-no-name");
  await page.getByRole("alert").getByRole("link").click();
  await expect(page.getByLabel("What is it for?")).toBeFocused();
  await page.getByLabel("What is it for?").fill("My <iPhone>");
  await inspect("app-password");
  await page.getByRole("button", { name: "Continue" }).click();
  await inspect("app-password-code");
  const before = await newestCode(page.request, person.phone);
  await page.getByRole("button", { name: "Send me a code" }).click();
  let code = before;
  await expect(async () => {
    code = await newestCode(page.request, person.phone);
    expect(code).not.toBe(before);
  }).toPass({ intervals: [100], timeout: 10_000 });
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Make the app password" }).click();
  await expect(page.getByText("the password is not shown again")).toBeVisible();
  await inspect("app-password-made");
  const shown = (label) => page.locator(`.to-type div:has(dt:text-is("${label}")) dd`).innerText();
  const [user, password] = [await shown("User name"), await shown("Password")];
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}` };
  const find = (send = headers) => fetch(`${baseURL}/dav/addressbooks/contacts/`, { method: "PROPFIND", headers: { ...send, depth: "1" } });
  expect((await find()).status).toBe(207);
  expect((await find({})).status).toBe(401);
  await page.getByRole("link", { name: "Done: back to your account" }).click();
  await expect(page.getByRole("heading", { name: "My <iPhone>" })).toBeVisible();
  await inspect("account-app-passwords");
  await page.getByRole("button", { name: "End My <iPhone>" }).click();
  await expect(page).toHaveURL(/\/account#app-passwords$/);
  await expect(page.getByRole("heading", { name: "My <iPhone>" })).toHaveCount(0);
  expect((await find()).status).toBe(401);
});
