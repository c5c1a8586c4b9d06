import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { describeBody } from "../acts/describe-body.ts";
import { GalenError } from "../client/galen-error.ts";
import { actorOf, createFakeNode, type Weather } from "../client/testing/fake-node.ts";
import { buildTransaction } from "./build-transaction.ts";
import { submit, submitSigned } from "./submit.ts";

/** Pauses between attempts take no time but the client's. */
let waitedMs = 0;
beforeEach(() => {
  waitedMs = 0;
  vi.stubGlobal("setTimeout", (run: () => void, ms: number) => {
    waitedMs += ms;
    queueMicrotask(run);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const fake = await createFakeNode();
const town = { ...fake, client: { ...fake.client, now: () => fake.chain.now + waitedMs } };
const patient = await actorOf(town.patient);
const clinician = await actorOf(town.clinician);

const delegation = () => ({
  type: "accounts.delegate",
  value: {
    owner: patient.account,
    delegate: clinician.account,
    scopes: ["records.read"],
    until: town.chain.now + 90_000,
    ground: "chosen",
  },
});

async function idOf(running: Promise<unknown>): Promise<string> {
  try {
    await running;
    return "ok";
  } catch (error) {
    if (error instanceof GalenError) return error.id;
    throw error;
  }
}

describe("submit", () => {
  it("gives where the transaction stands and what it did", async () => {
    const message = delegation();
    const { txHash, height, index, events } = await submit(town.client, { actors: [patient], messages: [message] });
    expect(town.executed).toContain(txHash);
    expect({ height, index }).toEqual({ height: town.chain.ledger.height, index: 0 });
    expect(events).toEqual([{ type: "accounts.delegated", data: message.value }]);
  });

  it("gives the first outcome again when the same bytes are sent again", async () => {
    const signed = await buildTransaction(town.client, { actors: [patient], messages: [delegation()] });
    const first = await submitSigned(town.client, signed);
    expect(await submitSigned(town.client, signed)).toEqual(first);
    expect(town.executed.filter((txHash) => txHash === signed.txHash)).toHaveLength(1);
  });

  it("shows the client's user what is signed, and signs nothing that is not agreed to", async () => {
    const shown: Uint8Array[] = [];
    const client = { ...town.client, beforeSigning: (bodyBytes: Uint8Array) => void shown.push(bodyBytes) };
    const { bytes } = await buildTransaction(client, { actors: [patient], messages: [delegation()] });
    expect(describeBody(shown[0]!, { language: "en" }).acts).toHaveLength(1);
    expect(Buffer.from(bytes).includes(Buffer.from(shown[0]!))).toBe(true);
    const refusing = { ...client, beforeSigning: () => Promise.reject(new RangeError("no")) };
    await expect(submit(refusing, { actors: [patient], messages: [delegation()] })).rejects.toThrow(RangeError);
    const own = { actors: [patient], messages: [delegation()], beforeSigning: () => undefined };
    await submit(refusing, own);
    expect(shown).toHaveLength(1);
  });

  it("signs for everybody with each key once", async () => {
    const { bytes } = await buildTransaction(town.client, { actors: [patient, clinician, patient], messages: [delegation()] });
    const { transaction } = town.chain.ledger.prepare(bytes);
    expect(transaction.body.signers).toEqual([patient.account, clinician.account, patient.account]);
    expect(transaction.signatures.map(({ publicKey }) => publicKey)).toEqual(
      [town.patient, town.clinician].map(({ keys }) => keys[0]!.publicKey),
    );
  });

  const owner = town.patient.account;
  it.each([
    ["a refusal of the ledger", { type: "accounts.endDelegation", value: { owner, delegate: owner } }, {}, "accounts/UnknownDelegation"],
    ["a signature that is missing", delegation(), { actors: [clinician] }, "accounts/NotOwner"],
    ["a message that is none", { type: "accounts.greet", value: {} }, {}, "tx/UnknownMessage"],
    ["a field that does not fit", { type: "accounts.endDelegation", value: { owner, delegate: "me" } }, {}, "tx/InvalidMessage"],
    ["time that has passed", delegation(), { expiresAt: 1 }, "tx/Expired"],
  ])("refuses %s by its name", async (_, message, changed, expected) => {
    expect(await idOf(submit(town.client, { actors: [patient], messages: [message], ...changed }))).toBe(expected);
  });

  it.each([
    ["too many messages", 101, "tx/InvalidMessage"],
    ["too many bytes", 100, "tx/TooLarge"],
  ])("refuses %s before anything is sent", async (_, count, expected) => {
    const keys = Array.from({ length: 16 }, () => town.patient.founding.keys[0]!);
    const messages = Array.from({ length: count }, () => ({ type: "accounts.create", value: { ...town.patient.founding, keys } }));
    town.weather.push("request lost");
    expect(await idOf(submit(town.client, { actors: [patient], messages }))).toBe(expected);
    expect(town.weather.splice(0)).toHaveLength(1);
  });

  it.each<[string, Weather[]]>([
    ["a proxy before the node lost the answer", ["bad gateway"]],
    ["the node was too busy for the bytes that came again", ["answer lost", "busy"]],
    ...["NotReady", "Behind", "PoolFull", "Stopping", "StorageFailed", "Halted"].map((said): [string, Weather[]] => [
      `the node said engine/${said} of what its network executed`,
      [`engine/${said}`],
    ]),
    ["the node was away for a while", ["answer lost", ...Array.from({ length: 8 }, () => "request lost" as const), "busy"]],
  ])("is told as done when %s", async (_, days) => {
    const signed = await buildTransaction(town.client, { actors: [patient], messages: [delegation()] });
    town.weather.push(...days);
    expect((await submitSigned(town.client, signed)).txHash).toBe(signed.txHash);
    expect(town.weather.splice(0)).toEqual([]);
  });

  it.each<[Weather, string]>([
    ["answer lost", "client/Unreachable"],
    ["bad gateway", "client/UnexpectedAnswer"],
    ["engine/Stopping", "engine/Stopping"],
  ])("names itself where nobody knows what became of it: %s", async (always, id) => {
    const signed = await buildTransaction(town.client, { actors: [patient], messages: [delegation()] });
    town.weather.push(...Array.from({ length: 200 }, () => always));
    const doubt: unknown = await submitSigned(town.client, signed).catch((error: unknown) => error);
    expect(town.weather.splice(0).length).toBeGreaterThan(0);
    expect(doubt).toMatchObject({ id, txHash: signed.txHash });
    expect(town.executed).toContain(signed.txHash);
    expect(waitedMs).toBeGreaterThan(town.client.timeoutMs);
  });

  it("is looked for as long as the client says", async () => {
    const signed = await buildTransaction(town.client, { actors: [patient], messages: [delegation()] });
    town.weather.push(...Array.from({ length: 200 }, () => "answer lost" as const));
    const hasty = { ...town.client, lookMs: 5_000 };
    await expect(submitSigned(hasty, signed)).rejects.toMatchObject({ id: "client/Unreachable" });
    town.weather.length = 0;
    expect(waitedMs).toBeGreaterThan(5_000);
    expect(waitedMs).toBeLessThan(10_000);
  });

  it("names itself where the node was too busy for it", async () => {
    const signed = await buildTransaction(town.client, { actors: [patient], messages: [delegation()] });
    town.weather.push("busy");
    await expect(submitSigned(town.client, signed)).rejects.toMatchObject({ id: "api/TooManyRequests", txHash: signed.txHash });
    expect(town.executed).not.toContain(signed.txHash);
  });

  it("executes once and tells the true outcome, however often the line breaks", async () => {
    const kinds: Weather[] = ["fine", "request lost", "answer lost", "bad gateway", "busy", "engine/Stopping"];
    const weather = fc.array(fc.constantFrom(...kinds), { maxLength: 8 });
    const run = async (days: Weather[]) => {
      const signed = await buildTransaction(town.client, { actors: [patient], messages: [delegation()] });
      town.weather.splice(0, town.weather.length, ...days);
      const said = await idOf(submitSigned(town.client, signed));
      town.weather.length = 0;
      const times = town.executed.filter((txHash) => txHash === signed.txHash).length;
      expect(times).toBeLessThanOrEqual(1);
      if (said === "ok") expect(times).toBe(1);
      else expect({ said, times }).toEqual({ said: expect.stringMatching(/^(client|api|engine)\//), times: 0 });
      await submitSigned(town.client, signed);
      expect(town.executed.filter((txHash) => txHash === signed.txHash)).toHaveLength(1);
    };
    await fc.assert(fc.asyncProperty(weather, run), { numRuns: 100 });
  });
});
