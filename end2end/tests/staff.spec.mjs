import { createHmac } from "node:crypto";
import { makegood } from "../command.mjs";
import { expect, test } from "../fixtures.mjs";
import { PERSONAS, newestCode, subscriberFor } from "../people.mjs";

const PASSWORD = "seven lanterns over wet gravel";
const FIRST_TO_BE_TRIED = "correct horse battery staple";

function fromBase32(text) {
  const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

// RFC 6238: six digits of the thirty seconds that `ahead` steps from now lie in.
function totp(secret, ahead = 0) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", fromBase32(secret)).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function enrol(page, inspect, email) {
  const { enrol_url } = await makegood("staff", "add", email, "--name", "Sam Agent", "--role", "support");
  await page.goto(enrol_url);
  await inspect("staff-enrol");
  const secret = await page.locator("code").innerText();
  await finish(page, totp(secret), FIRST_TO_BE_TRIED);
  await expect(page.getByRole("alert")).toContainText("Choose another");
  await inspect("staff-enrol-mistake");
  await finish(page, totp(secret), PASSWORD);
  await expect(page.getByText("Your access is set up.")).toBeVisible();
  return secret;
}

async function finish(page, code, password) {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("The same password again").fill(password);
  await page.getByRole("button", { name: "Finish" }).click();
}

async function signIn(page, email, code) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Sign in" }).click();
}

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
