// What every browser test has besides Playwright's own: `violations()`, what axe finds on the page as it stands,
// and `picture(name)`, a screenshot kept under the project's name.
import AxeBuilder from "@axe-core/playwright";
import { test as base } from "@playwright/test";

export { expect } from "@playwright/test";

export const test = base.extend({
  violations: async ({ page, browser, viewport, javaScriptEnabled }, use) => {
    await use(() => (javaScriptEnabled ? analyse(page) : analyseCopy(page, browser, viewport)));
  },
  picture: async ({ page }, use, { project }) => {
    await use((name) => page.screenshot({ path: `screenshots/${name}-${project.name}.png`, fullPage: true }));
  },
});

async function analyse(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
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
