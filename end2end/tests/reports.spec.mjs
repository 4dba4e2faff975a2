import { expect, test } from "../fixtures.mjs";

const NUMBER = /\/reports\/M[RA]-[A-Z0-9-]+$/;

// From the list to the page on which a report about contacts is checked before it is sent.
async function write(page, text, file) {
  await page.goto("/reports");
  await page.getByRole("link", { name: "Make a report" }).click();
  await page.getByLabel("Contacts").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("What is missing or wrong").fill(text);
  await page.getByLabel("About how many? (optional)").fill("12");
  await page.getByRole("button", { name: "Continue" }).click();
  if (file) {
    await page.getByLabel("Files").setInputFiles(file);
    await page.getByRole("button", { name: "Add" }).click();
    await expect(page.getByText(file.name).first()).toBeVisible();
  }
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check before you send");
}

test("something missing is reported, stays one report however often it is sent, and is found", async ({ page, person, inspect }) => {
  await page.goto("/reports");
  await inspect("reports-none");
  await page.getByRole("link", { name: "Make a report" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose what it is about");
  await inspect("reports-which");

  const file = { name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("Ann Blyth\nBo Diddley") };
  await write(page, "Ann Blyth and <b>Bo</b> are not there", file);
  await inspect("reports-check");
  const action = await page.locator("form[action$='/check']").getAttribute("action");
  await page.getByRole("button", { name: "Send the report" }).dblclick();
  await expect(page).toHaveURL(NUMBER);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your report is sent");
  await inspect("report-sent");
  const number = page.url().split("/").at(-1);
  // A second tab that stood on the same page.
  await page.request.post(action, { headers: { origin: new URL(page.url()).origin } });
  await page.goto("/reports");
  await expect(page.locator("main a[href^='/reports/M']")).toHaveText([number]);
  await inspect("reports");
  const messages = await page.request.get("/demo/handset", { params: { phone: person.phone } });
  expect(await messages.text()).toContain(number);

  await page.getByRole("link", { name: number }).click();
  await expect(page.getByText("Ann Blyth and <b>Bo</b> are not there")).toBeVisible();
  const href = await page.getByRole("link", { name: "list.txt" }).getAttribute("href");
  const download = await page.request.get(href);
  expect(download.headers()["content-disposition"]).toMatch(/^attachment/);
  expect(await download.text()).toContain("Bo Diddley");

  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Write something");
  await inspect("report-mistake");
  await page.getByLabel("Your message").fill("Bo came back meanwhile");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("heading", { name: "You wrote" })).toBeVisible();
  await page.getByRole("button", { name: "I found it" }).click();
  await expect(page.getByText("Closed: You found it")).toBeVisible();
  await inspect("report-closed");
  await page.getByLabel("Your message").fill("It is not there after all");
  await page.getByRole("button", { name: "Reopen and send" }).click();
  await expect(page.getByRole("heading", { name: "You reopened it" })).toBeVisible();
});

test("what is begun is kept, and mistakes keep what was typed", async ({ page, person, inspect }) => {
  expect(person.account).toBeTruthy();
  await page.goto("/reports/new");
  await page.getByLabel("Notes").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("About how many? (optional)").fill("7");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Say what is missing or wrong");
  await expect(page.getByLabel("About how many? (optional)")).toHaveValue("7");
  await inspect("reports-tell-mistake");
  await page.getByLabel("What is missing or wrong").fill("A list of films");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose a file, or continue without one");
  await inspect("reports-files-mistake");
  await page.goto("/reports");
  await page.getByRole("link", { name: "Report about Notes" }).click();
  await expect(page.getByLabel("What is missing or wrong")).toHaveValue("A list of films");
});

test.describe("of somebody whom the records call unaffected", () => {
  test.use({ as: "unaffected" });

  test("what said no is shown before an appeal is written", async ({ page, inspect }) => {
    await page.goto("/remedies/gift-card");
    await page.getByRole("link", { name: "Ask us to look again" }).click();
    await expect(page.getByText("They know no inventory, no verdict and no recovered file of yours")).toBeVisible();
    await inspect("appeal");
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("alert")).toContainText("Say what our records have wrong or do not know");
    await inspect("appeal-mistake");
  });
});
