import { expect, test } from "../fixtures.mjs";
import { enrol, signIn, totp } from "../members.mjs";
import { PERSONAS, newestCode, subscriberFor } from "../people.mjs";

test("a member enrols, signs in, finds a caller masked, and sees more for a recorded reason", async ({ page, inspect }, testInfo) => {
  const email = `sam.${testInfo.project.name}@example.com`;
  const secret = await enrol(page, inspect, email);
  await signIn(page, email, "000000");
  await expect(page.getByRole("alert")).toContainText("There is a problem");
  await inspect("staff-sign-in-wrong");
  // The code of this moment was used up by enrolling.
  await signIn(page, email, totp(secret, 1));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Find a subscriber");

  await page.getByRole("searchbox").fill(PERSONAS.partial);
  await page.getByRole("button", { name: "Search" }).click();
  await inspect("staff-found");
  await page.getByRole("link", { name: "Howard Whitaker" }).click();
  await expect(page.getByText("64 of 300 recovered")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(PERSONAS.partial);
  await expect(page.getByRole("main")).not.toContainText("howardwhitaker.demo@example.com");
  await inspect("staff-caller-masked");

  await page.getByText("Show the masked fields").click();
  await page.getByRole("button", { name: "Show and record" }).click();
  await expect(page.getByRole("alert")).toContainText("There is a problem");
  await inspect("staff-caller-no-reason");
  await page.getByLabel("Reason").fill("Called from another phone; knew the bill number");
  await page.getByRole("button", { name: "Show and record" }).click();
  await expect(page.getByText(PERSONAS.partial)).toBeVisible();
  await expect(page.getByText("Called from another phone; knew the bill number").first()).toBeVisible();
  await inspect("staff-caller-revealed");

  await page.getByRole("link", { name: "Contacts" }).click();
  await inspect("staff-caller-contacts");
  await readBack(page, inspect, subscriberFor(testInfo));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/staff");
  await expect(page).toHaveURL(/\/staff\/sign-in/);
});

async function readBack(page, inspect, { account, name, phone }) {
  await page.goto(`/staff?q=${encodeURIComponent(account)}`);
  await page.getByRole("link", { name }).click();
  await page.getByText("Show the masked fields").click();
  await page.getByRole("button", { name: "Send a code" }).click();
  await inspect("staff-caller-code");
  await page.getByLabel("Code read back by the caller").fill(await newestCode(page.request, phone));
  await page.getByRole("button", { name: "Check the code" }).click();
  await expect(page.getByText(phone)).toBeVisible();
}

test("staff pages are for staff", async ({ page, inspect }) => {
  await page.goto("/staff");
  await expect(page).toHaveURL(/\/staff\/sign-in/);
  await inspect("staff-sign-in");
});
