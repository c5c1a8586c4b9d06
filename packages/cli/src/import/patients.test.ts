import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWallet, openWallet, type Wallet } from "../wallet/wallet.ts";
import { enterPatient } from "./patients.ts";

const PASSPHRASE = "of the hospital";

let folder: string;
/** One folder as two processes have it open, neither of which knows yet what the other writes. */
let [one, other]: readonly Wallet[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-patients-"));
  one = await createWallet(folder, PASSPHRASE);
  other = await openWallet(folder, PASSPHRASE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("imports that run at once with one wallet", () => {
  it("make one account of one patient", async () => {
    const bundle = { patientName: "Ann Example", patientIdentity: "first", patientPerson: "Ann" };
    const owners = await Promise.all([one!, other!, one!].map((wallet) => enterPatient(wallet, bundle)));
    expect(new Set(owners.map(({ account }) => account)).size).toBe(1);
    const { account } = owners[0]!;
    expect((await openWallet(folder, PASSPHRASE)).entries()).toMatchObject([{ account, name: "Ann Example", patientIdentity: "first" }]);
  });

  it("keep patients of one name apart", async () => {
    const owners = await Promise.all([
      enterPatient(one!, { patientName: "Bea Example", patientIdentity: "second", patientPerson: "one" }),
      enterPatient(other!, { patientName: "Bea Example", patientIdentity: "second", patientPerson: "another" }),
    ]);
    expect(owners.map(({ name }) => name).sort()).toEqual(["Bea Example", "Bea Example (2)"]);
  });
});

it.each([
  ["\ue000山", ["\ue000山", "\ue000山 (2)"]],
  ["é".repeat(80), ["é".repeat(80), `${"é".repeat(76)} (2)`]],
  ["ab".repeat(32), [`${"ab".repeat(32)} (2)`, `${"ab".repeat(32)} (3)`]],
])("a patient who is called %j has a name in the wallet, and so has another of that name", async (patientName, names) => {
  const enter = (patientPerson: string) => enterPatient(one!, { patientName, patientIdentity: patientName, patientPerson });
  const owners = [await enter("one"), await enter("another")];
  expect(owners.map(({ name }) => name)).toEqual(names);
  expect((await enter("another")).account).toBe(owners[1]!.account);
});
