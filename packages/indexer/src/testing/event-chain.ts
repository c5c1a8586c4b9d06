import { proposed } from "@galen/ledger/modules/approvals/events";
import { added } from "@galen/ledger/modules/records/events";
import { granted, type released, sealed } from "@galen/ledger/modules/vault/events";
import { testBytes } from "@galen/ledger/testing/chain";
import type { BlockSource, IndexedBlock, IndexedEvent } from "../source.ts";

export const [ann, bob] = [testBytes("ann"), testBytes("bob")];
export const [clara, hospital] = [testBytes("clara"), testBytes("hospital")];
export const owners = [ann, bob];
export const NOW = 1_700_000_000_000;
export const blobs = { ciphertext: testBytes("c"), ownerCapsule: testBytes("o"), collectiveCapsule: testBytes("k") };

export interface TestChain extends BlockSource {
  /** The present keys of accounts. */
  readonly keys: Map<string, readonly string[]>;
  add(...events: readonly IndexedEvent[]): void;
}

/** A chain that exists only as its events, and as the keys of accounts; `add` seals a block. */
export function createChain(): TestChain {
  const blocks: IndexedBlock[] = [];
  const keys = new Map<string, readonly string[]>();
  const listeners = new Set<() => void>();
  return {
    get height() {
      return blocks.length;
    },
    block: (height) => blocks[height - 1],
    keys,
    keysOf: (account) => keys.get(account)!,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(...events) {
      blocks.push({ height: blocks.length + 1, time: NOW + blocks.length, events });
      for (const listener of listeners) listener();
    },
  };
}

/** Events of the block in which a document is filed for the owner. */
export function file(owner: string, number: number): IndexedEvent[] {
  const objectId = testBytes(`${owner}/${number}`);
  const policy = { compartment: testBytes("general"), release: "grants" as const };
  return [
    sealed({
      objectId,
      owner,
      author: hospital,
      policy,
      ...blobs,
      capsulePoint: testBytes("u"),
      sizeBucketBytes: 512 + number,
      createdAt: NOW,
    }),
    added({ objectId, owner, author: hospital, number, relation: { kind: "none" }, createdAt: NOW }),
  ];
}

type Grant = Parameters<typeof granted>[0];
/** A grant of everything of Ann's to Clara. */
export function grant(name: string, change: Partial<Grant> = {}): IndexedEvent {
  const terms = { covers: { kind: "everything" as const }, purposes: ["TREAT" as const], from: NOW, until: NOW + 1_000 };
  const grantee = { kind: "person" as const, account: clara };
  return granted({ grantId: testBytes(name), owner: ann, grantedBy: ann, createdAt: NOW, grantee, ...terms, ...change });
}

type Release = Parameters<typeof released>[0];
/** What a release of Ann's first document to Clara, or a refused one, tells. */
export function release(number: number, change: Partial<Release> = {}): Release {
  const entry = { reader: clara, purpose: "TREAT" as const, at: NOW, height: 1, epoch: 1 };
  const objects = [{ objectId: testBytes(`${ann}/0`), requestPoint: testBytes("r") }];
  return {
    releaseId: testBytes(`release/${ann}/${number}`),
    number,
    owner: ann,
    objects,
    outcome: { kind: "released", under: "grant" },
    ...entry,
    ...change,
  };
}

/** A proposal of the hospital. */
export function proposal(name: string, asked: string[] = [ann, bob], types = ["governance.cancelUpgrade"]): IndexedEvent {
  const messages = types.map((type) => ({ type, value: "80" }));
  const named = {
    proposer: hospital,
    version: 2,
    messagesHash: testBytes("messages"),
    messages,
    asked,
    approvedBy: [hospital],
  };
  return proposed({ proposalId: testBytes(name), ...named, createdAt: NOW, expiresAt: NOW + 60_000 });
}
