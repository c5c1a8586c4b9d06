import { setTimeout as pause } from "node:timers/promises";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { receiptBytes } from "@galen/ledger/tx/storage-receipts";
import type { StorageReceipt } from "@galen/ledger/tx/transaction";
import { readObject, readText } from "@galen/sdk/client/answer";
import { FRAMES_TYPE } from "@galen/sdk/client/frames";
import type { Identity } from "../identity.ts";
import { powerOf, validatorsOf } from "../peers/known-nodes.ts";
import { PeerFailure } from "../peers/peer-failure.ts";
import type { PeerNode, Peers } from "../peers/peers.ts";
import { errors } from "./blob-error.ts";

/** A validator's receipt, with the voting power that stands behind it. */
export interface PoweredReceipt extends StorageReceipt {
  readonly power: number;
}

/** Hands blobs to the other validators. */
export interface BlobRelay {
  /** The receipts of those that store `frames` (a framed body) as well. Throws Refusal blobs/RelayBusy. */
  relay(frames: Uint8Array, addresses: readonly string[]): Promise<PoweredReceipt[]>;
}

/** Bodies that are on their way to peers: memory. */
const MAX_BYTES_UNDER_WAY = 268_435_456;
const RETRY_AFTER_MS = 1_000;
const RELAY_TIMEOUT_MS = 30_000;
/** How long the others are waited for once enough have answered: they store all the same, only their receipt comes too late. */
const GRACE_MS = 50;
const MAX_ANSWER_BYTES = 4_096;

/**
 * Relays to all validators among the peers at once. What is relayed goes to a route that stores and does not relay, so it cannot go round. Answers as
 * soon as more than two thirds of the voting power hold the blobs, or when nobody else will answer.
 */
export function createBlobRelay({ ledger, crypto, validator, peers }: Identity & { readonly peers: Peers }): BlobRelay {
  let bytesUnderWay = 0;

  async function receiptFrom(node: PeerNode, frames: Uint8Array, message: Uint8Array): Promise<PoweredReceipt> {
    const body = { type: FRAMES_TYPE, bytes: frames };
    const call = { method: "POST", path: "/v1/peers/blobs", body, maxBytes: MAX_ANSWER_BYTES, timeoutMs: RELAY_TIMEOUT_MS } as const;
    return peers.ask(node, "relay", call, (answer) => {
      const { receipt } = readObject(JSON.parse(new TextDecoder().decode(answer)), "blobs");
      const signature = readText(readObject(receipt, "receipt").signature, "signature");
      const isGood = crypto.verifyEd25519(hexToBytes(node.key)!, message, hexToBytes(signature) ?? new Uint8Array(0));
      if (!isGood) throw new Error("the receipt is forged");
      return { publicKey: node.key, signature, power: powerOf(ledger.read(), new Set([node.key])).held };
    });
  }

  /** Whether this node and those with these keys have more than two thirds of the voting power. */
  function isEnough(keys: readonly string[]): boolean {
    const { held, total } = powerOf(ledger.read(), new Set([bytesToHex(validator.publicKey), ...keys]));
    return 3 * held > 2 * total;
  }

  async function validatorPeers(): Promise<PeerNode[]> {
    await peers.met();
    const keys = new Set(validatorsOf(ledger.read()).map(({ publicKey }) => publicKey));
    const known = () => peers.nodes().filter(({ key }) => keys.has(key));
    // Somebody may be back that was away a moment ago.
    if (!isEnough(known().map(({ key }) => key))) await peers.refresh();
    return known();
  }

  async function relay(frames: Uint8Array, addresses: readonly string[]): Promise<PoweredReceipt[]> {
    const message = receiptBytes(ledger.chainId, addresses, crypto.sha256);
    const receipts: PoweredReceipt[] = [];
    const enough = Promise.withResolvers<void>();
    const asking: Promise<void>[] = [];
    async function ask(node: PeerNode): Promise<void> {
      try {
        receipts.push(await receiptFrom(node, frames, message));
      } catch (error) {
        if (!(error instanceof PeerFailure)) throw error; // a failure is counted where it is met
      }
      if (isEnough(receipts.map(({ publicKey }) => publicKey))) enough.resolve();
    }
    try {
      asking.push(...(await validatorPeers()).map(ask));
      await Promise.race([Promise.all(asking), enough.promise.then(() => pause(GRACE_MS))]);
      return [...receipts];
    } finally {
      void Promise.allSettled(asking).then(() => {
        bytesUnderWay -= frames.length;
      });
    }
  }

  return {
    async relay(frames, addresses) {
      if (bytesUnderWay + frames.length > MAX_BYTES_UNDER_WAY) throw errors.RelayBusy({ retryAfterMs: RETRY_AFTER_MS });
      bytesUnderWay += frames.length;
      return relay(frames, addresses);
    },
  };
}
