import { expect, test } from "../fixtures.mjs";
import { enrol, signIn, totp } from "../members.mjs";

test("finance sees payouts, approvals and appeals, and says why payouts are to be held up", async ({ page, inspect }, testInfo) => {
  const email = `fay.${testInfo.project.name}@example.com`;
  const secret = await enrol(page, inspect, email, "finance");
  await signIn(page, email, totp(secret, 1));
  const rooms = page.getByRole("navigation", { name: "Main" });

  await rooms.getByRole("link", { name: "Payouts" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Payouts");
  await inspect("staff-payouts");
  await page.getByText("Hold all payouts up").first().click();
  await page.getByRole("button", { name: "Hold all payouts up" }).click();
  await expect(page.getByRole("alert")).toContainText("Say in 3 to 500 characters why");
  await inspect("staff-payouts-wrong");

  const others = await rooms.getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const href of others.filter((href) => !["/staff", "/staff/payouts"].includes(href))) {
    await page.goto(href);
    await inspect(href.slice(1).replaceAll("/", "-"));
  }
});
