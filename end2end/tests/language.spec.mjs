import { expect, test } from "../fixtures.mjs";

// The button is named in its own language, whichever the page speaks.
const choose = (page, name) => page.getByRole("contentinfo").getByRole("button", { name }).click();
const language = (page) => page.locator("html");

test("who chooses Spanish reads Spanish from page to page, and English again when they like", async ({ page, inspect }) => {
  await page.goto("/help");
  await expect(language(page)).toHaveAttribute("lang", "en");
  await choose(page, "Español");
  await expect(page).toHaveURL(/\/help$/);
  await expect(language(page)).toHaveAttribute("lang", "es");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ayuda");
  await inspect("help-spanish");

  await page.getByRole("contentinfo").getByRole("link", { name: "Privacidad" }).click();
  await expect(language(page)).toHaveAttribute("lang", "es");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Privacidad");
  await inspect("privacy-spanish");

  await page.goto("/");
  await expect(page.locator("main .button")).toHaveText(["Ver su recuperación"]);
  await inspect("front-spanish");

  await choose(page, "English");
  await expect(language(page)).toHaveAttribute("lang", "en");
  await expect(page.locator("main .button")).toHaveText(["Check your recovery"]);
  await page.goto("/help");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Help");
});

test("the way to the other language is quiet, large enough to touch, and not printed", async ({ page }) => {
  await page.goto("/help");
  const button = page.getByRole("contentinfo").getByRole("button", { name: "Español" });
  await expect(button).toHaveAttribute("lang", "es");
  const { width, height } = await button.boundingBox();
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  await page.emulateMedia({ media: "print" });
  await expect(button).toBeHidden();
});

test.describe("of a browser that asks for Spanish", () => {
  test.use({ locale: "es-US" });

  test("the first page is in Spanish, and English is kept when it is chosen", async ({ page }) => {
    await page.goto("/status");
    await expect(language(page)).toHaveAttribute("lang", "es");
    await choose(page, "English");
    await expect(language(page)).toHaveAttribute("lang", "en");
    await page.goto("/sign-in");
    await expect(language(page)).toHaveAttribute("lang", "en");
  });
});

test.describe("of somebody signed in", () => {
  test.use({ as: "complete" });

  test("the account, the download and the ways onto a phone speak Spanish", async ({ page, inspect }) => {
    await page.goto("/account");
    await choose(page, "Español");
    for (const [path, heading, name] of [
      ["/account", "Su cuenta", "account-spanish"],
      ["/recovery/archive", "Descargar todo", "archive-spanish"],
      ["/recovery/archive/to/iphone", "En un iPhone", "to-iphone-spanish"],
    ]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
      await inspect(name);
    }
  });

  test("the check of an archive says in Spanish what it found", async ({ page, javaScriptEnabled }) => {
    test.skip(!javaScriptEnabled, "needs JavaScript");
    await page.goto("/recovery/verify");
    await choose(page, "Español");
    const zip = await (await page.request.get("/recovery/archive.zip")).body();
    const check = (buffer) => page.locator("#file").setInputFiles({ name: "recovered-data.zip", mimeType: "application/zip", buffer });
    await check(zip);
    await expect(page.locator("#verdict")).toHaveText("El archivo ZIP está entero: todos los archivos están como se enviaron.");
    await expect(page.locator("#whole summary")).toHaveText(/^\d+ archivos enteros$/);
    await check(zip.subarray(0, zip.length / 2));
    await expect(page.locator("#faults")).toContainText("la descarga no se completó");
    await expect(page.locator("#wrong li")).toHaveText([/ – cortado: el archivo ZIP termina a la mitad$/]);
    await check(Buffer.concat([zip, Buffer.from("more")]));
    await expect(page.locator("#faults li")).toHaveText(["Detrás del final del archivo ZIP hay 4 bytes que no son suyos."]);
  });
});
