import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkBundle } from "@galen/gateway";
import { entry, sampleBundle, to } from "@galen/gateway/fhir/testing/sample-bundle";
import { startTestNetwork, type TestNetwork } from "@galen/node/testing/test-network";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Session } from "../session.ts";
import { accountFromWords } from "../wallet/entry.ts";
import { requireOwnEntry } from "../wallet/look-up.ts";
import { createWallet } from "../wallet/wallet.ts";
import { readBundleFile, readyBundle } from "./bundle-files.ts";
import { importBundles } from "./import-bundles.ts";

let network: TestNetwork;
let folder: string;
let session: Session;

beforeAll(async () => {
  // From version 4 on there are no accounts to which nothing can be sealed, but for those from before.
  network = await startTestNetwork({}, {}, 3);
  await network.makeKey();
  folder = await mkdtemp(join(tmpdir(), "galen-import-"));
  const wallet = await createWallet(folder, "of the hospital");
  session = { client: await network.trusting(), wallet };
});
afterAll(async () => {
  await network.close();
  await rm(folder, { recursive: true, force: true });
});

const read = (file: string) => readyBundle(checkBundle(sampleBundle(), file), file);

it("tells apart what is filed now, what was there, and what its owner has erased, which stays so", async () => {
  const { client, wallet } = session;
  const read = (file: string) => readyBundle(checkBundle(sampleBundle(), file), file);
  const importOnce = async () =>
    (await importBundles(session, { author: { as: network.hospital }, files: ["sample.json"], read })).files[0]!;
  const { account, ...first } = await importOnce();
  expect(first).toMatchObject({ documents: 3, filed: 3, erased: 0 });
  const { words, kind } = requireOwnEntry(wallet, account);
  const [erased] = await documentsOf(client, account);
  const value = { objectIds: [erased!.objectId] };
  await submit(client, { actors: [await accountFromWords(words, kind)], messages: [{ type: "vault.erase", value }] });
  expect(await importOnce()).toMatchObject({ documents: 3, filed: 0, erased: 1 });
});

it("refuses a file that the system does not give, and imports the others", async () => {
  const unnameable = join(folder, "n".repeat(300));
  const result = await importBundles(session, {
    author: { as: network.hospital },
    files: [unnameable, "sample.json"],
    read: (file) => (file === unnameable ? readBundleFile(file) : read(file)),
  });
  expect(result).toMatchObject({ files: [{ file: "sample.json" }], refused: [{ file: unnameable, id: "system/ENAMETOOLONG" }] });
});

it("refuses what is for a patient whose account takes no documents any more, and imports the others", async () => {
  const { client, wallet } = session;
  const bundleOf = (birthDate: string, visit: string) => {
    const { entry: entries, ...bundle } = sampleBundle();
    const patient = entry("Patient", "p", { name: [{ family: "Example", given: ["Ada"] }], birthDate });
    return { ...bundle, entry: [patient, ...entries.slice(1), entry("Encounter", "later", { subject: to("p"), type: [{ text: visit }] })] };
  };
  const bundles = new Map([
    ["first.json", bundleOf("1990-01-01", "first")],
    ["later.json", bundleOf("1990-01-01", "later")],
    ["others.json", bundleOf("1991-01-01", "others")],
  ]);
  const importAll = (files: readonly string[]) => {
    const read = (file: string) => readyBundle(checkBundle(bundles.get(file)!, file), file);
    return importBundles(session, { author: { as: network.hospital }, files, read });
  };
  const { account } = (await importAll(["first.json"])).files[0]!;
  const { words, kind } = requireOwnEntry(wallet, account);
  const own = await accountFromWords(words, kind);
  const { keys, threshold } = own.creation.value;
  const value = { account, keys, threshold, recordKey: "00".repeat(32) };
  await submit(client, { actors: [own], messages: [{ type: "accounts.rotateKeys", value }] });
  expect(await importAll(["later.json", "others.json"])).toMatchObject({
    files: [{ file: "others.json", documents: 4, filed: 4 }],
    refused: [{ file: "later.json", id: "client/UnusableRecordKey", details: { owner: account } }],
  });
});
