import type { CustodianShare } from "../release/combine-release.ts";
import type { Actor } from "./actor.ts";
import { readHex, readInteger, readList, readObject } from "./answer.ts";
import type { Client } from "./client.ts";
import { requestJson } from "./send-request.ts";
import { chainIdOf } from "./status.ts";

export interface SharesOptions {
  /** The reader that the release entry names. */
  readonly as: Actor;
  /** Hex, 32 bytes. */
  readonly releaseId: string;
  /** Of the entry's block: a custodian that is not there yet waits for it. */
  readonly height: number;
  readonly signal?: AbortSignal;
}

/** Far more than 64 shares take: whoever is named as a custodian's node may answer anything, and all are read at once. */
const MAX_SHARES_BYTES = 65_536;

/** What a node's custodian answers to a committed release; `createReleaseCombiner` checks it. Rejects with GalenError, custody/NoRelease among them. */
export async function requestShares(client: Client, { as: actor, releaseId, height, signal }: SharesOptions): Promise<CustodianShare> {
  const body = new TextEncoder().encode(JSON.stringify({ releaseId, height }));
  const as = { actor, chainId: await chainIdOf(client) };
  const request = {
    method: "POST",
    path: "/v1/custody/shares",
    as,
    body,
    contentType: "application/json",
    signal,
    maxBytes: MAX_SHARES_BYTES,
  } as const;
  const answer = readObject(await requestJson(client, request), "shares");
  return {
    custodian: readInteger(answer.custodian, "custodian"),
    epoch: readInteger(answer.epoch, "epoch"),
    points: readList(answer.shares, "shares").map((share) => readHex(share, "shares")),
    proof: readHex(answer.proof, "proof"),
  };
}
