import { testKey } from "@galen/ledger/testing/chain";
import { expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { createBlobRelay } from "./relay-blobs.ts";

/** More than half of what may be under way. */
const FRAMES = new Uint8Array(200_000_000);

it("has room again after a body that could not be handed on", async () => {
  const peers = { met: () => Promise.reject(new Error("nobody is known")) };
  const relay = createBlobRelay({ ledger: { chainId: "a" }, crypto: nativeCrypto, validator: testKey("node"), peers } as never);
  for (let time = 0; time < 2; time++) await expect(relay.relay(FRAMES, [])).rejects.toThrow("nobody is known");
});
