import type { TxResult } from "@galen/ledger/app/execute";
import type { Ledger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { type Admission, failedCheck } from "../../pool/admission.ts";
import type { Mempool } from "../../pool/mempool.ts";
import { type Application, CheckTxType, type RequestOf } from "../abci/messages.ts";
import type { SignatureCheck } from "./signature-check.ts";

export interface CheckTxOptions {
  readonly ledger: Ledger;
  readonly pool: Mempool;
  readonly admission: Admission;
  readonly signatures: SignatureCheck;
  readonly sha256: Sha256;
  /** Hears an error of our own in a check. Told to CometBFT, it would end the node, and somebody's transaction every node that it comes to. */
  readonly report: (error: unknown) => void;
}

/**
 * Admission to CometBFT's mempool. `pool` mirrors it: what came in here or by gossip and waits for a block. A transaction that was sent to this node
 * was run before CometBFT asks, and is not run twice.
 */
export function createCheckTx({ ledger, pool, admission, signatures, sha256, report }: CheckTxOptions): Pick<Application, "checkTx"> {
  /** Dry runs build on each other: they take place in the order of arrival, however long each one's signatures take. */
  let arrived: Promise<unknown> = Promise.resolve();

  async function check({ tx, type }: RequestOf<"checkTx">): Promise<TxResult> {
    const known = pool.get(bytesToHex(sha256(tx)));
    if (known) return type === CheckTxType.recheck ? admission.recheck(known) : known.result;
    const bytes = tx.slice(); // the frame it lies in is much larger, and what is admitted stays
    const prepared = type === CheckTxType.recheck ? ledger.prepare(bytes) : admission.examine(bytes);
    const verified = signatures.verify(prepared);
    verified.catch(() => {}); // heard in its turn, which may be long after
    const turn = arrived.then(() => verified);
    arrived = turn.catch(() => {}); // its own caller hears it
    await turn;
    return admission.admit(prepared).result;
  }

  return {
    async checkTx(request) {
      const { code, refusal } = await check(request).catch((error: unknown) => failedCheck(error, report));
      return { code, data: new Uint8Array(0), log: refusal?.sentence ?? "", codespace: refusal?.id ?? "" };
    },
  };
}
