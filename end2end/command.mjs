// The command line beside the running portal, on the same data.
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

export const BINARY = resolve(process.env.MAKEGOOD_BIN ?? "../target/release/makegood");

// Runs `makegood ARGUMENTS… --json` and gives what it ends with.
export async function makegood(...args) {
  const { stdout } = await promisify(execFile)(BINARY, [...args, "--json"]);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}
