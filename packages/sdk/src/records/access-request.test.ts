import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { approvalsVersion } from "@galen/ledger/modules/approvals/testing/scene";
import { beforeEach, describe, expect, it } from "vitest";
import { type Client, createClient } from "../client/client.ts";
import { query } from "../client/query.ts";
import { createFakeNode } from "../client/testing/fake-node.ts";
import { accountKeys } from "../keys/account-keys.ts";
import { askedLabelBetween } from "../keys/asked-label.ts";
import { compartmentLabel } from "../keys/compartment-label.ts";
import { fetchProposal } from "../proposals/proposal.ts";
import { approveProposal, declineProposal, withdrawProposal } from "../proposals/vote.ts";
import { type OwnAccount, ownAccount } from "../transactions/own-account.ts";
import { submit } from "../transactions/submit.ts";
import { type AskOptions, allowingMessages, askAccess, readAccessRequest, requestStateOf } from "./access-request.ts";
import { fitsReason } from "./read-emergency.ts";

const DAY_MS = 86_400_000;
const names = ["general", "laboratory", "mental-health"];

let client: Client;
let patient: OwnAccount;
let doctor: OwnAccount;
let parent: OwnAccount;

beforeEach(async () => {
  ({ client } = await createFakeNode({ version: approvalsVersion }));
  [patient, doctor, parent] = [await newAccount(1), await newAccount(2), await newAccount(3)];
});

async function newAccount(seed: number): Promise<OwnAccount> {
  const account = await ownAccount(accountKeys(new Uint8Array(64).fill(seed), 0));
  await submit(client, { actors: [account], messages: [account.creation] });
  return account;
}

async function asked(options: Partial<AskOptions> = {}) {
  const { proposalId, reason } = await askAccess(client, {
    as: doctor,
    owner: patient.account,
    wants: { kind: "compartments", names: ["general", "mental-health"] },
    purposes: ["TREAT"],
    until: client.now() + DAY_MS,
    reason: "New cough, 咳嗽",
    ...options,
  });
  const read = async (own: OwnAccount) => readAccessRequest(client, { own, proposal: await fetchProposal(client, proposalId), names });
  return { proposalId, reason, read };
}

/** The patient lets the parent give access, for longer than anybody asks. */
async function delegate(): Promise<void> {
  const delegation = { owner: patient.account, delegate: parent.account, scopes: ["vault.grant"], ground: "chosen" };
  const value = { ...delegation, until: client.now() + 2 * DAY_MS };
  await submit(client, { actors: [patient], messages: [{ type: "accounts.delegate", value }] });
}

describe("a request for access", () => {
  it("tells asker and owner the compartments, and nobody else", async () => {
    const { read } = await asked({ delegates: [parent.account] });
    const wants = { kind: "compartments", names: ["general", "mental-health"] };
    expect((await read(patient))?.wants).toEqual(wants);
    expect((await read(doctor))?.wants).toEqual(wants);
    expect((await read(parent))?.wants).toEqual({ kind: "unreadable" });
  });

  it("holds neither names, nor the owner's labels, nor the reason", async () => {
    const { read, reason } = await asked();
    const { proposal, granting } = (await read(patient))!;
    const labels = granting.covers.kind === "compartments" ? granting.covers.labels : [];
    for (const name of names) expect(labels).not.toContain(compartmentLabel(patient.keys.compartmentKey, name));
    expect(granting.grantId).toBe(reason.reasonHash);
    expect(fitsReason(reason, portableCrypto)).toBe(true);
    expect(fitsReason({ ...reason, text: "Another reason" }, portableCrypto)).toBe(false);
    const carried = Buffer.from(proposal.messages[0]!.value, "hex").toString("utf8");
    for (const word of ["general", "mental", "cough", "咳嗽"]) expect(carried).not.toContain(word);
  });

  it("asks the same under labels that nobody recognises", async () => {
    const [first, second] = [await (await asked()).read(patient), await (await asked()).read(patient)];
    expect(first!.granting.covers).not.toEqual(second!.granting.covers);
  });

  it("for compartments is allowed by a grant under the owner's labels, which ends the proposal", async () => {
    const { read } = await asked();
    const request = (await read(patient))!;
    expect(await requestStateOf(client, request)).toBe("open");
    await submit(client, { actors: [patient], messages: allowingMessages(request, patient) });
    const { result } = await query<{ covers: unknown; grantedBy: string }>(client, "vault.grant", { grantId: request.granting.grantId });
    const labels = ["general", "mental-health"].map((name) => compartmentLabel(patient.keys.compartmentKey, name));
    expect(result).toMatchObject({ covers: { kind: "compartments", labels }, grantedBy: patient.account });
    const after = (await read(doctor))!;
    expect(await requestStateOf(client, after)).toBe("given");
    expect(after.proposal.proposal.ending?.how).toBe("declined");
    await expect(submit(client, { actors: [patient], messages: allowingMessages(request, patient) })).rejects.toMatchObject({
      id: "approvals/Ended",
    });
  });

  it("for compartments does nothing after its answer, where somebody else was asked, too", async () => {
    await delegate();
    const { read } = await asked({ delegates: [parent.account] });
    await submit(client, { actors: [patient], messages: allowingMessages((await read(patient))!, patient) });
    const after = (await read(doctor))!;
    expect(await requestStateOf(client, after)).toBe("given");
    expect((await approveProposal(client, { as: [parent], proposal: after.proposal })).state).toBe("open");
    expect((await read(doctor))!.proposal.waitsFor?.id).toBe("vault/GrantExists");
  });

  it("for compartments is allowed under the labels that are handed over, those of authors among them", async () => {
    const request = (await (await asked()).read(patient))!;
    const labels = [compartmentLabel(patient.keys.compartmentKey, "general"), "ab".repeat(32)];
    await submit(client, { actors: [patient], messages: allowingMessages(request, patient, labels) });
    const { result } = await query<{ covers: unknown }>(client, "vault.grant", { grantId: request.granting.grantId });
    expect(result.covers).toEqual({ kind: "compartments", labels });
  });

  it("for everything is allowed by an approval, also of who acts for the owner", async () => {
    await delegate();
    const { read } = await asked({ wants: { kind: "everything" }, delegates: [parent.account] });
    const request = (await read(parent))!;
    expect(request.wants).toEqual({ kind: "everything" });
    await submit(client, { actors: [parent], messages: allowingMessages(request, parent) });
    expect(await requestStateOf(client, (await read(doctor))!)).toBe("given");
  });

  it.each(["everything", "compartments"] as const)("for %s is declined, withdrawn, or expires", async (kind) => {
    const wants = kind === "everything" ? { kind } : { kind, names };
    const [first, second, third] = [await asked({ wants }), await asked({ wants }), await asked({ wants })];
    await declineProposal(client, { as: [patient], proposalId: first.proposalId });
    await withdrawProposal(client, { as: [doctor], proposalId: second.proposalId });
    const states = async (at: Client) =>
      Promise.all([first, second, third].map(async ({ read }) => requestStateOf(at, (await read(doctor))!)));
    expect(await states(client)).toEqual(["declined", "withdrawn", "open"]);
    expect(await states({ ...client, now: () => client.now() + 8 * DAY_MS })).toEqual(["declined", "withdrawn", "expired"]);
  });

  it("is not taken for given because another owner's grant has the id", async () => {
    const { read } = await asked();
    const { granting } = (await read(patient))!;
    const value = { ...granting, owner: parent.account };
    await submit(client, { actors: [parent], messages: [{ type: "vault.grant", value }] });
    expect(await requestStateOf(client, (await read(doctor))!)).toBe("open");
    expect(await approveProposal(client, { as: [patient], proposal: (await read(patient))!.proposal })).toMatchObject({ state: "open" });
  });

  it("for compartments is not given by another than the owner", async () => {
    const request = (await (await asked()).read(doctor))!;
    expect(() => allowingMessages(request, doctor)).toThrow(RangeError);
    expect(() => allowingMessages({ ...request, wants: { kind: "unreadable" } }, patient)).toThrow(RangeError);
  });

  it("is none where a proposal holds something else", async () => {
    const request = (await (await asked()).read(patient))!;
    const { proposal, granting } = request;
    const others = [
      { decoded: [...proposal.decoded, ...proposal.decoded] },
      { decoded: [{ type: "vault.revoke", value: { grantId: granting.grantId } }] },
      { decoded: [undefined] },
      { proposer: parent.account },
      { decoded: [{ type: "vault.grant", value: { ...granting, grantee: { kind: "organisation", account: doctor.account } } }] },
      { decoded: [{ type: "vault.grant", value: { ...granting, owner: doctor.account } }] },
      { decoded: [{ type: "vault.grant", value: { ...granting, covers: { kind: "objects", ids: [] } } }] },
    ];
    for (const other of others) {
      expect(await readAccessRequest(client, { own: patient, proposal: { ...proposal, ...other }, names })).toBeUndefined();
    }
  });
});

describe("labels between two accounts", () => {
  const other = () => bytesToHex(doctor.keys.record.publicKey);

  it("are the same for both, and others for everybody else", () => {
    const grantId = "7".repeat(64);
    const ours = askedLabelBetween(patient.keys.record, other())!(grantId, "general");
    expect(askedLabelBetween(doctor.keys.record, bytesToHex(patient.keys.record.publicKey))!(grantId, "general")).toBe(ours);
    expect(askedLabelBetween(parent.keys.record, other())!(grantId, "general")).not.toBe(ours);
    expect(askedLabelBetween(patient.keys.record, other())!("8".repeat(64), "general")).not.toBe(ours);
    expect(askedLabelBetween(patient.keys.record, other())!(grantId, "laboratory")).not.toBe(ours);
  });

  // Points of low order of Curve25519, from which everybody would derive the same secret.
  it.each([
    ["zero", "00".repeat(32)],
    ["one", `01${"00".repeat(31)}`],
    ["order 8", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"],
    ["p - 1", `ec${"ff".repeat(30)}7f`],
    ["no key", "12"],
    ["no hex", "zz".repeat(32)],
  ])("are not derived from %s", (_name, key) => {
    expect(askedLabelBetween(patient.keys.record, key)).toBeUndefined();
  });

  it("are refused by whoever asks an owner with such a key", async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await client.fetch(input, init);
      if (!String(input instanceof Request ? input.url : input).includes("accounts.account")) return answer;
      const told = await answer.json();
      return Response.json({ ...told, result: { ...told.result, recordKey: "00".repeat(32) } });
    };
    const deceived = createClient({ url: "http://node.test", fetch, now: client.now });
    const wants = { kind: "compartments", names } as const;
    const asking = { as: doctor, owner: patient.account, wants, purposes: ["TREAT" as const], until: client.now() + DAY_MS, reason: "" };
    await expect(askAccess(deceived, asking)).rejects.toThrow(RangeError);
  });
});
