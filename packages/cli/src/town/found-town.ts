import { createHash } from "node:crypto";
import { checkBundle } from "@galen/gateway";
import { GalenError } from "@galen/sdk/client/galen-error";
import { deriveObjectId } from "@galen/sdk/records/object-id";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { authorOf } from "../import/author.ts";
import { readyBundle } from "../import/bundle-files.ts";
import { importBundles } from "../import/import-bundles.ts";
import { createIfMissing } from "../import/patients.ts";
import { actorOf, type Session } from "../session.ts";
import { addFreshKeys, type Wallet } from "../wallet/wallet.ts";
import { makeFamily } from "./family.ts";
import { makeHistory } from "./history.ts";
import { generatePatientBundle } from "./synthetic-patients/generate-patient-bundle.ts";
import { BOARD, houses, organisations, PATIENTS, TOWN_SEED, type TownWorker, workers } from "./town.ts";

/** Hears how far the founding is. */
export type Report = (done: number, total: number, note: string) => void;

/** Steps besides the patients. */
const STEPS = 5;
/** One transaction has at most as many signers. */
const MAX_CREATED = 16;

/** Keys of all who have a part in the town, patients excepted; those that exist stay. */
export async function makeTownKeys(wallet: Wallet): Promise<void> {
  const known = new Set(wallet.entries().map(({ name }) => name));
  for (const { name } of organisations) if (!known.has(name)) await addFreshKeys(wallet, { name, kind: "organisation" });
  const accounts = new Map(wallet.entries().map(({ name, account }) => [name, account]));
  for (const { name, kind, worksFor } of workers) {
    if (!known.has(name)) await addFreshKeys(wallet, { name, kind, worksFor: accounts.get(worksFor)! });
  }
}

/** The organisations that found the alliance of a town on one machine. */
export function townFounders(wallet: Wallet): Promise<readonly OwnAccount[]> {
  return Promise.all(organisations.filter(({ isMember }) => isMember).map(({ name }) => actorOf({ wallet }, name)));
}

export interface TownFounding {
  /** The organisations that have founded the network and decide in it. */
  readonly founders: readonly OwnAccount[];
  /** Resolves when the custodians' key exists. */
  readonly makeCollectiveKey: () => Promise<void>;
  readonly report: Report;
}

/**
 * Makes the town on a network that some of its organisations have founded: accounts, staff, licences, patients with documents, and some history.
 * Everything goes the way that everybody's requests go. A founding that was broken off is finished by running it again.
 */
export async function foundTown(session: Session, { founders, makeCollectiveKey, report }: TownFounding): Promise<void> {
  const total = PATIENTS + STEPS;
  report(0, total, "accounts");
  await createAccounts(session, new Set(founders.map(({ account }) => account)));
  report(1, total, "staff");
  await engageStaff(session);
  report(2, total, "licences");
  await issueLicences(session, founders);
  report(3, total, "the custodians' key");
  await shareOut(session, founders);
  await makeCollectiveKey();
  await importPatients(session, (done) => report(4 + done, total, "patients"));
  report(total - 1, total, "grants and reads");
  await makeFamily(session);
  await makeHistory(session);
  report(total, total, "done");
}

/** Of everybody but the founders: the first state has theirs. */
async function createAccounts({ client, wallet }: Session, founders: ReadonlySet<string>): Promise<void> {
  const all = await Promise.all([...organisations, ...workers].map(({ name }) => actorOf({ wallet }, name)));
  const missing = all.filter(({ account }) => !founders.has(account));
  for (let at = 0; at < missing.length; at += MAX_CREATED) await createIfMissing(client, missing.slice(at, at + MAX_CREATED));
}

async function engageStaff(session: Session): Promise<void> {
  const byHouse = Map.groupBy(workers, ({ worksFor }) => worksFor);
  for (const [house, staff] of byHouse) {
    const organisation = await actorOf(session, house);
    const messages = await Promise.all(
      staff.map(async ({ name, role }) => {
        const { account: member } = await actorOf(session, name);
        return { type: "accounts.setMember", value: { organisation: organisation.account, member, roles: [role] } };
      }),
    );
    await submit(session.client, { actors: [organisation], messages });
  }
}

const DAY_MS = 86_400_000;
const LICENCE_DAYS = 5 * 365;

async function issueLicences(session: Session, founders: readonly OwnAccount[]): Promise<void> {
  const { client } = session;
  const board = await actorOf(session, BOARD);
  const issuer = { issuer: board.account, credentialTypes: ["practitioner-licence"] };
  await unlessDone(submit(client, { actors: founders, messages: [{ type: "governance.registerIssuer", value: issuer }] }));
  for (const worker of workers.filter(({ licence }) => licence !== undefined)) await license(session, { board, worker });
}

async function license(session: Session, { board, worker }: { board: OwnAccount; worker: TownWorker }): Promise<void> {
  const { account: holder } = await actorOf(session, worker.name);
  const credentialId = deriveObjectId(board.keys.compartmentKey, `licence/${holder}`);
  const licence = {
    credentialId,
    holder,
    credentialType: "practitioner-licence",
    scope: "Sampleton",
    claimsHash: createHash("sha256").update(`${credentialId} practitioner`).digest("hex"),
    validFrom: session.client.now() - 30 * DAY_MS,
    validUntil: session.client.now() + LICENCE_DAYS * DAY_MS,
  };
  await unlessDone(submit(session.client, { actors: [board], messages: [{ type: "credentials.issue", value: licence }] }));
  if (worker.licence !== "suspended") return;
  const suspension = { credentialId, from: session.client.now() - DAY_MS, reasonCode: "administrative" };
  await unlessDone(submit(session.client, { actors: [board], messages: [{ type: "credentials.suspend", value: suspension }] }));
}

/** Shares of each member, to try out what stake does. */
const SHARES = 10_000;

async function shareOut({ client }: Session, founders: readonly OwnAccount[]): Promise<void> {
  const mints = founders.map(({ account }) => ({ type: "tokens.mint", value: { tokenKind: "shares", account, amount: SHARES } }));
  const messages = [{ type: "tokens.register", value: { tokenKind: "shares" } }, ...mints];
  await unlessDone(submit(client, { actors: founders, messages }));
}

/** What a step says when an interrupted founding has done it already. */
const done: readonly string[] = [
  "governance/UnchangedIssuer",
  "credentials/AlreadyIssued",
  "credentials/AlreadySuspended",
  "tokens/KindExists",
];

async function unlessDone(step: ReturnType<typeof submit>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!(error instanceof GalenError) || !done.includes(error.id)) throw error;
  }
}

async function importPatients(session: Session, onProgress: (done: number) => void): Promise<void> {
  let before = 0;
  for (const [place, house] of houses.entries()) {
    const indexes = Array.from({ length: PATIENTS }, (_, index) => index).filter((index) => index % houses.length === place);
    const author = await authorOf(session, { name: house });
    const files = indexes.map((index) => `patient ${index + 1} of the town`);
    const read = (file: string) => {
      const bundle = generatePatientBundle({ seed: TOWN_SEED, index: indexes[files.indexOf(file)]! });
      return readyBundle(checkBundle(bundle, file), file);
    };
    await importBundles(session, { author, files, read, onProgress: (count) => onProgress(before + count) });
    before += indexes.length;
  }
}
