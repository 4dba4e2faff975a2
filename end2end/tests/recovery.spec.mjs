import { expect, test } from "../fixtures.mjs";

// What `/recovery` says to each persona: a category and the words beside it.
const SAYS = {
  complete: { Contacts: ["128 of 128 recovered", "Restored"], Purchases: ["9 of 9 recovered", "Restored"] },
  partial: {
    Contacts: ["64 of 300 recovered", "Partially restored"],
    Photos: ["9 of 14 recovered", "Partially restored"],
    Tasks: ["12 of 12 recovered", "Validating"],
    Notes: ["0 of 7 recovered", "Awaiting"],
  },
  unrecoverable: {
    Photos: ["0 of 31 recovered", "Unrecoverable"],
    Notes: ["2 of 8 recovered", "Partially restored"],
  },
  otherPlan: { Contacts: ["54 of 54 recovered", "Restored"] },
  surplus: { Contacts: ["12 recovered, 2 more than the 10 expected", "Restored"] },
  unknown: { Contacts: ["47 recovered; how many there were is not known", "Restored"] },
  waiting: { Calendar: ["26 of 26 recovered", "Validating"], Photos: ["0 of 12 recovered", "Awaiting"] },
  damaged: {
    Contacts: ["57 of 61 recovered", "Partially restored", "1 file could not be read"],
    Photos: ["7 of 8 recovered", "Partially restored", "1 file could not be read"],
  },
  spanish: { Contacts: ["39 of 39 recovered", "Restored"] },
};

for (const [persona, categories] of Object.entries(SAYS)) {
  test.describe(persona, () => {
    test.use({ as: persona });

    test("sees true counts and states", async ({ page, inspect, javaScriptEnabled }) => {
      await page.goto("/recovery");
      for (const [category, texts] of Object.entries(categories)) {
        const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: category, exact: true }) });
        for (const text of texts) await expect(card).toContainText(text);
      }
      await expect(page.locator("[data-category]")).toHaveCount(7);
      // Without JavaScript the parts are the same for everyone, and one that has nearly all of them will do.
      if (javaScriptEnabled || persona === "partial") await inspect(`recovery-${persona}`);
    });
  });
}

test.describe("somebody unaffected", () => {
  test.use({ as: "unaffected" });

  test("is told so kindly", async ({ page, inspect }) => {
    await page.goto("/recovery");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing of yours was lost");
    await expect(page.getByText("you need to do nothing")).toBeVisible();
    await inspect("recovery-unaffected");
    await page.goto("/remedies");
    await expect(page.getByRole("link", { name: "Claim both" })).toHaveCount(0);
    await inspect("remedies-unaffected");
  });
});
