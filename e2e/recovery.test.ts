import {
  accountKeys,
  type Client,
  createClient,
  deriveObjectId,
  fetchRecoveries,
  fileDocuments,
  guardedBy,
  type HeldAccount,
  heldAccount,
  isRecovered,
  type OwnAccount,
  ownAccount,
  parseRecoveryCode,
  type RecoveryRequest,
  readOwn,
  recoveryCode,
  recoveryIdFor,
  recoveryRequest,
  releaseLog,
  reopenRecords,
  startRecovery,
  status,
  submit,
  subscribe,
  webRandom,
} from "@galen/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundSmallNetwork, type SmallNetwork } from "./small-network.ts";

const DAY_MS = 86_400_000;

let town: SmallNetwork;
let client: Client;
/** How far the clocks of node and clients stand ahead. */
let aheadMs = 0;
const now = () => Date.now() + aheadMs;
let guardians: readonly OwnAccount[];

beforeAll(async () => {
  town = await foundSmallNetwork({}, { clock: now });
  client = createClient({ url: town.node.url, trust: town.client.trust!, crypto: town.client.crypto, now });
  guardians = await Promise.all([person(), person(), person()]);
});
afterAll(() => town.stop());

async function person(): Promise<OwnAccount> {
  const own = await ownAccount(accountKeys(webRandom(64), 0));
  await submit(client, { actors: [own], messages: [own.creation] });
  return own;
}

/** Somebody with two of three guardians, a day to object, and documents from the time before the loss. */
async function guarded(documents = 0): Promise<OwnAccount> {
  const own = await person();
  const accounts = guardians.map(({ account }) => account);
  const value = { account: own.account, guardians: accounts, threshold: 2, delayMs: DAY_MS };
  await submit(client, { actors: [own], messages: [{ type: "accounts.setGuardians", value }] });
  await file(own, documents);
  return own;
}

async function file({ account: owner }: HeldAccount, count: number): Promise<readonly string[]> {
  const documents = Array.from({ length: count }, (_, number) => ({
    objectId: deriveObjectId(town.hospital.keys.compartmentKey, `${owner} ${number} ${now()}`),
    plaintext: new TextEncoder().encode(`document ${number}`),
    owner,
    compartment: "ab".repeat(32),
  }));
  if (count > 0) await fileDocuments(client, { as: town.hospital, documents });
  return documents.map(({ objectId }) => objectId);
}

/** New keys for an account, and what the guardians are handed. */
async function newKeys({ account }: HeldAccount): Promise<{ readonly after: HeldAccount; readonly request: RecoveryRequest }> {
  const after = await heldAccount(accountKeys(webRandom(64), 0), account);
  return { after, request: parseRecoveryCode(recoveryCode(recoveryRequest(account, after.keys)))! };
}

const help = (guardian: OwnAccount, request: RecoveryRequest) => submit(client, { actors: [guardian], messages: [startRecovery(request)] });

/** Lets time pass, and a block for what falls due. */
async function wait(ms: number): Promise<void> {
  aheadMs += ms;
  await person();
}

const aLook = (as: HeldAccount) => ({
  actors: [as],
  messages: [{ type: "accounts.removeGuardians", value: { account: as.account } }],
});

describe("somebody who lost the keys", () => {
  it("has the account and all records again after the delay, and every opening stands in the log", async () => {
    const before = await guarded(70);
    const { after, request } = await newKeys(before);
    expect(await guardedBy(client, guardians[0]!)).toContain(before.account);
    await help(guardians[0]!, request);
    await help(guardians[2]!, request);
    expect((await fetchRecoveries(client, before.account)).running?.recoveryId).toBe(recoveryIdFor(client, request));
    await wait(DAY_MS + 1_000);
    expect(await isRecovered(client, request)).toBe(true);

    const progress: (readonly [number, number])[] = [];
    const sealedBefore = await reopenRecords(client, { as: after, onProgress: (done, total) => progress.push([done, total]) });
    expect(sealedBefore).toBe(70);
    expect(progress).toEqual([
      [0, 70],
      [64, 70],
      [70, 70],
    ]);
    const [afterwards] = await file(after, 1);
    expect(await reopenRecords(client, { as: after })).toBe(0);
    expect(await readOwn(client, { as: after, objectIds: [afterwards!] })).toHaveLength(1);
    const log = [];
    for await (const { reader, purpose, objects } of releaseLog(client, after.account)) log.push([reader, purpose, objects.length]);
    expect(log).toEqual([
      [after.account, "PATRQT", 6],
      [after.account, "PATRQT", 64],
    ]);
    await expect(submit(client, aLook(before))).rejects.toMatchObject({ id: "tx/Unauthorised" });
  });

  it("is told that records do not open before the recovery is through", async () => {
    const { after } = await newKeys(await guarded(1));
    await expect(reopenRecords(client, { as: after })).rejects.toMatchObject({ id: "api/Unauthenticated" });
  });
});

describe("a recovery does not give the keys away", () => {
  it("with a guardian too few, however long one waits", async () => {
    const before = await guarded();
    const { request } = await newKeys(before);
    await help(guardians[0]!, request);
    await wait(90 * DAY_MS);
    expect(await isRecovered(client, request)).toBe(false);
    expect(await fetchRecoveries(client, before.account)).toMatchObject({
      running: undefined,
      open: [{ guardians: [guardians[0]!.account] }],
    });
  });

  it("when two guardians were shown two different requests", async () => {
    const before = await guarded();
    const [own, foreign] = [await newKeys(before), await newKeys(before)];
    await help(guardians[0]!, own.request);
    await help(guardians[1]!, foreign.request);
    await wait(2 * DAY_MS);
    expect([await isRecovered(client, own.request), await isRecovered(client, foreign.request)]).toEqual([false, false]);
  });

  it("before the delay is over", async () => {
    const before = await guarded(1);
    const { after, request } = await newKeys(before);
    await help(guardians[0]!, request);
    await help(guardians[1]!, request);
    await wait(DAY_MS - 60_000);
    expect(await isRecovered(client, request)).toBe(false);
    await expect(reopenRecords(client, { as: after })).rejects.toMatchObject({ id: "api/Unauthenticated" });
    await submit(client, aLook(before)); // the old keys are still the account's
  });

  it("after the owner has cancelled it", async () => {
    const before = await guarded();
    const { request } = await newKeys(before);
    await help(guardians[0]!, request);
    await help(guardians[1]!, request);
    await submit(client, { actors: [before], messages: [cancellation(before)] });
    await wait(2 * DAY_MS);
    expect(await isRecovered(client, request)).toBe(false);
    expect((await fetchRecoveries(client, before.account)).open).toEqual([]);
  });

  it("to whoever is no guardian", async () => {
    const before = await guarded();
    const { request } = await newKeys(before);
    await expect(help(town.clinician, request)).rejects.toMatchObject({ id: "accounts/NotGuardian" });
  });
});

describe("the alarm", () => {
  it("reaches the owner and the other guardians, and nobody else", async () => {
    const before = await guarded();
    const { request } = await newKeys(before);
    const { height: from } = await status(client);
    await help(guardians[0]!, request);
    await help(guardians[1]!, request);
    const { height: to } = await submit(client, { actors: [before], messages: [cancellation(before)] });
    const told = ["accounts.recoveryApproved", "accounts.recoveryApproved", "accounts.recoveryStarted", "accounts.recoveriesEnded"];
    const heard = await Promise.all([before, guardians[2]!, town.clinician].map((as) => hearAccounts(as, { from, to })));
    expect(heard).toEqual([told, told, []]);
  });
});

const cancellation = ({ account }: HeldAccount) => ({ type: "accounts.cancelRecovery", value: { account } });

/** What somebody hears of accounts in the blocks after one and up to another. */
async function hearAccounts(as: HeldAccount, { from, to }: { readonly from: number; readonly to: number }): Promise<string[]> {
  const types: string[] = [];
  await person(); // the block after the last one tells that it is over
  for await (const { event, data } of subscribe(client, { topics: ["accounts", "blocks"], as, after: `${from}/999` })) {
    if (event === "block" && Number(data.height) > to) break;
    if (event === "account") types.push(String(data.type));
  }
  return types;
}
