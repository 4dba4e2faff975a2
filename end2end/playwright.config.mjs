// The browser tests: every page on a phone and on a desktop, with JavaScript and without.
import { createServer } from "node:net";
import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./chromium.mjs";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

// Chosen once by the main process; the workers read this file again and inherit it.
process.env.MAKEGOOD_LISTEN ??= `127.0.0.1:${await freePort()}`;

// Without these Chromium refuses to run as root, and spends its time looking up its maker's hosts.
const QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const args = process.getuid?.() === 0 ? ["--no-sandbox", ...QUIET] : QUIET;

const PHONE = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 800 };
const project = (name, viewport, javaScriptEnabled) => ({ name, use: { viewport, javaScriptEnabled } });

export default defineConfig({
  testDir: "tests",
  outputDir: "results",
  globalSetup: "./portal.mjs",
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  reporter: "list",
  use: {
    baseURL: `http://${process.env.MAKEGOOD_LISTEN}`,
    launchOptions: { executablePath: chromiumPath(), args },
    // A trace of every test would cost half of the whole run; a failed test says much by its page and picture.
    screenshot: "only-on-failure",
  },
  projects: [
    project("phone", PHONE, true),
    project("phone-without-javascript", PHONE, false),
    project("desktop", DESKTOP, true),
    project("desktop-without-javascript", DESKTOP, false),
  ],
});
