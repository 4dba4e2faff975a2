// The invented people. The ten personas are signed in once and only looked at, by every project; a test that
// changes something, or signs in itself, has somebody of its own, because waits and claims are for each person.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, request } from "@playwright/test";

export const PERSONAS = {
  complete: "+12065550100",
  partial: "+12065550101",
  unrecoverable: "+12065550102",
  unaffected: "+12065550103",
  otherPlan: "+12065550104",
  surplus: "+12065550105",
  unknown: "+12065550106",
  waiting: "+12065550107",
  damaged: "+12065550108",
  spanish: "+12065550109",
};

const dataDir = () => process.env.MAKEGOOD_DATA_DIR;
const sessions = () => join(dataDir(), "..", "sessions");

// Where the cookies of a persona are, for a browser context.
export const sessionOf = (persona) => join(sessions(), `${persona}.json`);

export async function signInPersonas(baseURL) {
  mkdirSync(sessions());
  for (const [persona, phone] of Object.entries(PERSONAS)) {
    const client = await request.newContext({ baseURL });
    await signIn(client, baseURL, phone);
    await client.storageState({ path: sessionOf(persona) });
    await client.dispose();
  }
}

// Signs a client in without drawing pages. A browser context's client shares its cookies.
export async function signIn(client, baseURL, phone) {
  const headers = { origin: baseURL };
  await client.post("/sign-in", { headers, form: { phone } });
  const answer = await client.post("/sign-in/code", { headers, form: { code: await newestCode(client, phone) } });
  if (!answer.url().endsWith("/recovery")) throw new Error(`${phone} could not sign in: ${answer.status()} ${answer.url()}`);
}

// The newest code that a phone received, as its messages stand on the handset; messages take a moment.
export async function newestCode(client, phone) {
  let code;
  const arrived = async () => {
    const page = await client.get("/demo/handset", { params: { phone } });
    [, code] = (await page.text()).match(/class="typed">(\d{6})\b/) ?? [];
    expect(code, `a code at ${phone}`).toBeDefined();
  };
  await expect(arrived).toPass({ intervals: [100], timeout: 10_000 });
  return code;
}

// The code of the newest message that says `words`; it may not be the first on the handset to arrive.
export async function codeFor(client, phone, words) {
  let code;
  const arrived = async () => {
    const page = await client.get("/demo/handset", { params: { phone } });
    [, code] = (await page.text()).match(new RegExp(`class="typed">(\\d{6})\\b[^<]*(?:<[^>]*>)?[^<]*${words}`)) ?? [];
    expect(code, `a code at ${phone}`).toBeDefined();
  };
  await expect(arrived).toPass({ intervals: [100], timeout: 10_000 });
  return code;
}

// Affected subscribers on the plan that both remedies are for and written to in English, the personas left out.
function affected() {
  const [, ...rows] = readFileSync(join(dataDir(), "recovered/subscribers.csv"), "utf8").trim().split(/\r?\n/);
  return rows
    .slice(Object.keys(PERSONAS).length)
    .map((row) => row.split(","))
    .map(([account, phone, name, , locale, , plan]) => ({ account, phone, name, locale, plan }))
    .filter(({ locale, plan }) => locale === "en-US" && plan === "data-20")
    .filter(({ account }) => existsSync(join(dataDir(), "recovered/data", account, "contacts")));
}

// Somebody whom no test had before. Who is taken is kept on disk, since each worker is a process of its own.
export function subscriberFor({ testId, retry }) {
  const folder = join(sessions(), "taken");
  mkdirSync(folder, { recursive: true });
  for (const person of affected()) {
    try {
      writeFileSync(join(folder, person.account), `${testId} ${retry}`, { flag: "wx" });
      return person;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
  throw new Error("the demonstration has too few people for so many tests");
}
