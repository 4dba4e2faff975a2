// Which Chromium the tests drive: MAKEGOOD_CHROMIUM, else the system's, else Playwright's own.
// `node chromium.mjs` prints it, or exits 1.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export function chromiumPath() {
  if (process.env.MAKEGOOD_CHROMIUM) return process.env.MAKEGOOD_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const system = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  return system ?? [chromium.executablePath()].find(existsSync);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = chromiumPath();
  if (!path) process.exit(1);
  console.log(path);
}
