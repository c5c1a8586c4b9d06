import type { Engine } from "@galen/engines/engine";
import { validatorAddress } from "@galen/ledger/block/validator";
import { expect, it } from "vitest";
import type { Backend } from "../backend.ts";
import { nativeCrypto } from "../crypto/native.ts";
import { methods } from "./methods.ts";

const key = (byte: number) => new Uint8Array(32).fill(byte);
const addressOf = (publicKey: Uint8Array) => Buffer.from(validatorAddress(publicKey, nativeCrypto.sha256)).toString("hex").toUpperCase();
const set = [
  { publicKey: key(1), power: 70n },
  { publicKey: key(2), power: 10n },
];

it.each([
  ["the first of the set", key(1), "70"],
  ["another of the set", key(2), "10"],
  ["no validator", key(3), "0"],
])("status names this node where it is %s", async (_, publicKey, power) => {
  const status = { chainId: "c", height: 1, header: undefined, blockHash: key(0), appHash: key(0), earliestHeight: 1 };
  const engine = { status: () => status, commit: () => undefined, validators: async () => set } as unknown as Engine;
  const backend = {
    engine,
    crypto: nativeCrypto,
    validator: { publicKey },
    ledger: { version: { number: 4 } },
    genesis: { genesisTime: 0 },
  };
  expect(await methods.status!(backend as unknown as Backend, {})).toMatchObject({
    node_info: { id: addressOf(publicKey).toLowerCase() },
    validator_info: {
      address: addressOf(publicKey),
      pub_key: { value: Buffer.from(publicKey).toString("base64") },
      voting_power: power,
    },
  });
});
