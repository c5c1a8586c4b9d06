import { randomBytes } from "node:crypto";
import { buildTransaction, type Client, type OwnAccount, type SignedTransaction } from "@galen/sdk";

/** A signed transaction that gives one grant. */
export interface GivenGrant extends SignedTransaction {
  readonly grantId: string;
}

/** Load that outlives the node that it is for: what was cut off is sent again, to the next. */
export interface GrantLoad {
  /** Acknowledged as executed, in the order of the answers. */
  readonly acknowledged: readonly GivenGrant[];
  /** Sends new grants, and before them what was cut off, until the node no longer answers. Rejects on any answer but success. */
  sendTo(url: string): Promise<void>;
  /** Sends only what was cut off. */
  finish(url: string): Promise<void>;
}

const CONCURRENCY = 12;
/** Longer than the test takes, within what the network allows. */
const LIFETIME_MS = 840_000;
const TEN_YEARS_MS = 315_576_000_000;

/** Owners in turn let the reader read, each time under a new grant id. `client` signs. */
export function createGrantLoad(client: Client, owners: readonly OwnAccount[], reader: OwnAccount): GrantLoad {
  const acknowledged: GivenGrant[] = [];
  const cutOff: GivenGrant[] = [];
  let given = 0;

  async function nextGrant(): Promise<GivenGrant> {
    const owner = owners[given++ % owners.length]!;
    const grantId = randomBytes(32).toString("hex");
    const terms = { grantee: { kind: "person", account: reader.account }, covers: { kind: "everything" }, purposes: ["TREAT"] };
    const value = { grantId, owner: owner.account, ...terms, from: 0, until: Date.now() + TEN_YEARS_MS };
    const options = { actors: [owner], messages: [{ type: "vault.grant", value }], expiresAt: Date.now() + LIFETIME_MS };
    return { grantId, ...(await buildTransaction(client, options)) };
  }

  /** True when the node has acknowledged it; false when it was cut off. */
  async function send(grant: GivenGrant, url: string): Promise<boolean> {
    const isAcknowledged = await post(grant, url);
    (isAcknowledged ? acknowledged : cutOff).push(grant);
    return isAcknowledged;
  }

  async function sendOneByOne(url: string): Promise<void> {
    while (await send(cutOff.shift() ?? (await nextGrant()), url));
  }

  return {
    acknowledged,
    async sendTo(url) {
      await Promise.all(Array.from({ length: CONCURRENCY }, () => sendOneByOne(url)));
    },
    async finish(url) {
      while (cutOff.length > 0) await send(cutOff.shift()!, url);
    },
  };
}

async function post({ bytes, txHash }: GivenGrant, url: string): Promise<boolean> {
  const request = { method: "POST", body: bytes, headers: { "content-type": "application/cbor" } };
  const answer = await ask(`${url}/v1/transactions`, request);
  if (answer === undefined) return false;
  // It was executed before, and the answer was cut off.
  if (answer.status === 200 || answer.body.title === "tx/Replayed") return true;
  throw new Error(`${txHash} was answered with ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** A JSON answer; undefined when the node is gone. */
export async function ask(
  url: string,
  request?: RequestInit,
): Promise<{ status: number; body: Readonly<Record<string, unknown>> } | undefined> {
  try {
    const response = await fetch(url, request);
    return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
  } catch {
    return undefined;
  }
}
