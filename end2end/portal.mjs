// Starts the release binary's demo on a fresh data folder before the tests, signs its personas in, and ends it after.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { BINARY } from "./command.mjs";
import { signInPersonas } from "./people.mjs";

const READY_WITHIN = 120_000;

export default async function start() {
  const folder = mkdtempSync(join(tmpdir(), "makegood-end2end-"));
  const log = join(folder, "portal.log");
  const out = openSync(log, "a");
  process.env.MAKEGOOD_DATA_DIR = join(folder, "data");
  const portal = spawn(BINARY, ["demo"], { stdio: ["ignore", out, out] });
  const failed = new Promise((_, reject) => {
    portal.once("error", reject);
    portal.once("exit", (code, signal) => reject(new Error(`the portal ended early (${code ?? signal})\n${readFileSync(log, "utf8")}`)));
  });
  // However this process ends, neither the portal nor its data outlive it.
  process.once("exit", () => {
    portal.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await Promise.race([ready(log), failed]);
  failed.catch(() => {});
  await signInPersonas(`http://${process.env.MAKEGOOD_LISTEN}`);
  return () => stop(portal);
}

async function ready(log) {
  const url = `http://${process.env.MAKEGOOD_LISTEN}/readyz`;
  for (const until = Date.now() + READY_WITHIN; Date.now() < until; await pause(100)) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`${url} was not ready within ${READY_WITHIN / 1000} s\n${readFileSync(log, "utf8")}`);
}

// Asks first: the portal promises to end within ten seconds.
async function stop(portal) {
  if (portal.exitCode !== null || portal.signalCode !== null) return;
  portal.kill("SIGTERM");
  await Promise.race([once(portal, "exit"), pause(12_000, undefined, { ref: false })]);
}
