// What every browser test has besides Playwright's own. `inspect(name)` holds the page as it stands to the bars of
// every page and keeps a screenshot; `person` is a subscriber of the test's own. A console error fails any test.
import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";
import { sessionOf, signIn, subscriberFor } from "./people.mjs";

export { expect };

const HTML_LIMIT = 14_000; // bytes, compressed
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

export const test = base.extend({
  // Which persona of the demonstration is signed in; nobody unless a file or group says so.
  as: [undefined, { option: true }],

  storageState: async ({ as }, use) => use(as && sessionOf(as)),

  page: async ({ page }, use) => {
    const faults = [];
    const answers = new Set();
    page.on("response", (answer) => answer.request().isNavigationRequest() && answers.add(answer.url()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      // A page that answers 404 or 422 is no fault, though Chromium logs it as one.
      const pageItself = message.text().startsWith("Failed to load resource") && answers.has(message.location().url);
      if (message.type() === "error" && !pageItself) faults.push(message.text());
    });
    await use(page);
    expect(faults, "errors in the console").toEqual([]);
  },

  // Signs in as a subscriber whom no other test touches and gives who it is.
  person: async ({ page, baseURL }, use, testInfo) => {
    const person = subscriberFor(testInfo);
    await signIn(page.context().request, baseURL, person.phone);
    await use(person);
  },

  inspect: async ({ page, browser, viewport, javaScriptEnabled }, use, { project }) => {
    let answer;
    page.on("response", (got) => {
      const redirects = got.status() >= 300 && got.status() < 400;
      if (got.request().isNavigationRequest() && !redirects) answer = got;
    });
    await use(async (name) => {
      await page.screenshot({ path: `screenshots/${project.name}/${name}.png`, fullPage: true });
      // Without a script a page is the same in the projects that have JavaScript, and axe reads it there.
      const scripted = (await page.locator("script").count()) > 0;
      if (javaScriptEnabled) expect(await analyse(page), `what axe finds on ${name}`).toEqual([]);
      else if (scripted) expect(await analyseCopy(page, browser, viewport), `what axe finds on ${name}`).toEqual([]);
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      expect(wide, `width of ${name}`).toBeLessThanOrEqual(room);
      expect(gzipSync(await answer.body()).length, `bytes of ${name}, compressed`).toBeLessThanOrEqual(HTML_LIMIT);
    });
  },
});

async function analyse(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html) }));
}

// axe needs JavaScript: it reads a copy of the page, under the same address, on which no script of the page runs.
async function analyseCopy(page, browser, viewport) {
  const context = await browser.newContext({ viewport, javaScriptEnabled: true, storageState: await page.context().storageState() });
  const headers = { "content-security-policy": "script-src 'none'", "content-type": "text/html; charset=utf-8" };
  const copy = await context.newPage();
  const body = await page.content();
  await copy.route(page.url(), (route) => route.fulfill({ body, headers }));
  await copy.goto(page.url());
  const found = await analyse(copy);
  await context.close();
  return found;
}
