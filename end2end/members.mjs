// Members of staff: enrolling, and signing in with a code of their authenticator app.
import { createHmac } from "node:crypto";
import { makegood } from "./command.mjs";
import { expect } from "./fixtures.mjs";

const PASSWORD = "seven lanterns over wet gravel";
const FIRST_TO_BE_TRIED = "correct horse battery staple";

function fromBase32(text) {
  const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

// RFC 6238: six digits of the thirty seconds that `ahead` steps from now lie in.
export function totp(secret, ahead = 0) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", fromBase32(secret)).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

// Sets password and TOTP, and gives the TOTP key; the first password that is tried is one of the worst.
export async function enrol(page, inspect, email, role = "support") {
  const { enrol_url } = await makegood("staff", "add", email, "--name", "Sam Agent", "--role", role);
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

export async function signIn(page, email, code) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Sign in" }).click();
}
