import { expect, test } from "../fixtures.mjs";
import { enrol, signIn, totp } from "../members.mjs";
import { signIn as subscriberSignsIn, subscriberFor } from "../people.mjs";

test("support claims for an estate, a colleague in finance looks at the address, and the claim says who made it", async ({ page, inspect, browser, baseURL }, testInfo) => {
  const { account, name, phone } = subscriberFor(testInfo);
  const email = `kim.${testInfo.project.name}@example.com`;
  const secret = await enrol(page, inspect, email);
  await signIn(page, email, totp(secret, 1));
  await page.goto(`/staff/subscribers/${account}`);
  await page.getByRole("link", { name: "Claim for this subscriber" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Claim for ${name}`);
  await inspect("staff-claim-for");
  await page.getByRole("link", { name: /Claim this for them.*gift card/ }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose who asks, and by what right");
  await inspect("staff-claim-for-wrong");

  await page.getByLabel(/Whoever looks after the affairs/).check();
  await page.getByLabel("The name of who asks").fill("Jo Heir");
  await page.getByLabel("By post", { exact: true }).check();
  await page.getByLabel("Name on the letter").fill("Jo Heir");
  await page.getByLabel("Address, line 1").fill("1 Elm Street");
  await page.getByLabel("Town or city").fill("Salem");
  await page.getByLabel("Country").fill("USA");
  await page.getByLabel("What they showed or said, and why you claim for them").fill("A court's letter was shown in our shop");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("a colleague in finance approves it")).toBeVisible();
  await inspect("staff-claim-for-check");
  await page.getByRole("button", { name: "Make this claim" }).click();
  await expect(page.getByRole("alert")).toContainText("Read the terms to whoever asks");
  await page.getByLabel(/I have read these terms/).check();
  await page.getByRole("button", { name: "Make this claim" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Claim MG-");
  const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("Claim ", "");
  await inspect("staff-claimed-for");

  const second = await browser.newPage({ baseURL });
  const fay = `may.${testInfo.project.name}@example.com`;
  const key = await enrol(second, async () => {}, fay, "finance");
  await signIn(second, fay, totp(key, 1));
  await second.goto(`/staff/claims/${number}`);
  await expect(second.getByText("1 Elm Street")).toBeVisible();
  await second.getByRole("button", { name: "Approve this claim" }).click();
  await expect(second).toHaveURL(/\/staff\/claims$/);

  const own = await browser.newContext({ baseURL });
  await subscriberSignsIn(own.request, baseURL, phone);
  const claim = await own.newPage();
  await claim.goto(`/claims/${number}`);
  await expect(claim.getByText("Claimed for you by our staff")).toBeVisible();
  await expect(claim.getByText("Granted", { exact: true }).first()).toBeVisible();
  await own.close();
  await second.close();
});
