import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "@galen/engines";
import { openCometEngine } from "@galen/engines/cometbft/comet-engine";
import { type CometHost, openCometHost } from "@galen/engines/cometbft/host";
import { cometHome } from "@galen/engines/cometbft/process/home";
import { fetchValidators } from "@galen/engines/cometbft/rpc/fetch-block";
import { openSnapshotFolder } from "@galen/engines/cometbft/snapshots/snapshot-folder";
import { testSettings } from "@galen/engines/cometbft/testing/test-settings";
import { signedTx, testGenesis, validatorKey } from "@galen/engines/embedded/testing/test-engine";
import type { Genesis } from "@galen/ledger/app/genesis";
import { openLedger } from "@galen/ledger/app/ledger";
import { headerHash } from "@galen/ledger/block/header";
import { validatorsHash } from "@galen/ledger/block/validator";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { testKey } from "@galen/ledger/testing/chain";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { nativeCrypto as crypto } from "@galen/node/crypto/native";
import { ed25519Key } from "@galen/node/keys/ed25519-key";
import { createLightClient } from "@galen/sdk/light/index";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";

const HOUR_MS = 3_600_000;

let folder: string;
let host: CometHost;
let engine: Engine;

/** CometBFT over a ledger whose test messages may change the validators. */
async function openTallyEngine(): Promise<void> {
  const genesis: Genesis = { ...testGenesis, genesisTime: Date.now() };
  const kv = createMemoryStore();
  const ledger = await openLedger({ kv, crypto, versions: [tallyVersion], genesis });
  const keyOf = (secret: Uint8Array) => ({ secret, publicKey: ed25519Key(secret).publicKey });
  const limits = { maxPoolTxs: 1_000, maxPoolBytes: 1_000_000, emptyBlockIntervalMs: 200 };
  host = await openCometHost({
    ...{ home: cometHome(folder), binary: cometbftProgram!, genesis, crypto },
    validatorKey: keyOf(validatorKey.secretKey),
    nodeKey: keyOf(testKey("node").secretKey),
    settings: { ...testSettings, ...limits },
  });
  engine = await openCometEngine({
    ...{ ledger, kv, crypto, genesis, versions: [tallyVersion], host, clock: Date.now, ...limits },
    snapshots: { folder: await openSnapshotFolder(join(folder, "snapshots")), intervalBlocks: 0 },
    retainBlocks: 0,
    report: (error) => expect.unreachable(String(error)),
  });
}

async function setValidators(powers: Readonly<Record<string, number>>): Promise<number> {
  const validators = Object.entries(powers).map(([name, power]) => ({ publicKey: testKey(name).publicKey, power }));
  const tx = signedTx("ann", [{ type: "tally.setValidators", value: { validators } }], Date.now() + HOUR_MS / 10);
  const outcome = await engine.submitAndWait(tx, { timeoutMs: 20_000 });
  if (outcome.kind !== "executed" || outcome.result.code !== 0) throw new Error("the validators were not changed");
  return outcome.height;
}

async function sealed(height: number): Promise<void> {
  while (engine.status().height < height) await new Promise((resolve) => setTimeout(resolve, 20));
}

describeWithCometbft("a change of validators", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "galen-set-"));
    await openTallyEngine();
  });
  afterAll(async () => {
    await engine.stop();
    await rm(folder, { recursive: true });
  });

  it("in block H stands in header H + 1, decides from H + 2 on, and is the same in CometBFT and in the chain store", async () => {
    const others = { validator: 10, one: 2, two: 1 };
    const height = await setValidators(others);
    await sealed(height + 4);
    const powersAt = async (at: number) => (await engine.validators(at))!.map(({ power }) => Number(power));
    expect(await powersAt(height + 1)).toEqual([10]);
    expect(await powersAt(height + 2)).toEqual([10, 2, 1]);
    const set = (await engine.validators(height + 2))!;
    expect(engine.header(height)!.nextValidatorsHash).not.toEqual(validatorsHash(set, crypto.sha256));
    expect(engine.header(height + 1)!.nextValidatorsHash).toEqual(validatorsHash(set, crypto.sha256));
    expect(engine.commit(height + 2)!.commit.signatures).toHaveLength(3);

    const last = await setValidators({ validator: 12, two: 3 });
    await sealed(last + 3);
    expect(await powersAt(last + 2)).toEqual([12, 3]);
    for (let at = 1; at <= last + 3; at++) expect(await engine.validators(at), `height ${at}`).toEqual(await fetchValidators(host.rpc, at));
    expect((await engine.proposerPriorities(last + 3))!).toHaveLength(2);
  });

  it("is followed by the light client, header after header and by leaps", async () => {
    const { height } = engine.status();
    const open = () =>
      createLightClient({
        ...{ chainId: testGenesis.chainId, crypto, trustingPeriodMs: HOUR_MS, now: Date.now },
        provider: { signedHeader: async (at) => engine.commit(at), validators: async (at) => engine.validators(at) },
        trust: { height: 1, hash: headerHash(engine.header(1)!, crypto.sha256) },
      });
    expect(await open().verifyToHeight(height)).toMatchObject({ verdict: "ok", header: engine.header(height) });
    const light = open();
    for (let at = 2; at <= height; at++) expect(await light.verifyToHeight(at)).toMatchObject({ verdict: "ok", header: engine.header(at) });
  });
});
