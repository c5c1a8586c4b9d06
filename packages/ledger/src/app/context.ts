import type { CryptoProvider } from "../crypto/provider.ts";
import type { StateReader, StateWriter } from "../store/state-store.ts";
import type { BlockFacts } from "./block-facts.ts";
import type { Collection } from "./collection.ts";
import type { LedgerEvent } from "./events.ts";
import type { Refusal } from "./refusal.ts";

/** What a query or guard may know: the state and the block it belongs to. Nothing else exists for the ledger. */
export interface ReadContext {
  readonly chainId: string;
  readonly height: number;
  /** Time of the block in milliseconds since 1970, from its header; the only clock. */
  readonly time: number;
  readonly crypto: CryptoProvider;
  readonly state: StateReader;
}

/** What a handler may know and do besides: write state and emit events. */
export interface WriteContext extends ReadContext {
  readonly state: StateWriter;
  emit(event: LedgerEvent): void;
}

/** What a module knows in `onBlock` besides: what the engine says of the block. */
export interface BlockContext extends WriteContext {
  readonly block: BlockFacts;
}

/** What a handler of a message knows besides: who signed. */
export interface Context extends WriteContext {
  /** Accounts that authorised the transaction, each with enough key weight; at least one, without repetition. */
  readonly signers: readonly string[];
  /** The first of them: the one that acts when a message names no other. */
  readonly signer: string;
  /** The state that the signatures were checked against, before the first message of the transaction. */
  readonly before: StateReader;
  /** SHA-256 of the signed body, unique on the chain: the seed of derived ids. */
  readonly bodyHash: string;
  /** Position of the message in its transaction, from 0. */
  readonly messageIndex: number;
  readonly inner: InnerMessages;
}

/** A message as another one carries it, its value in canonical bytes: whoever hashes them hashes exactly what will run. */
export interface InnerMessage {
  readonly type: string;
  /** Canonical bytes of the value, hexadecimal. */
  readonly value: string;
}

/** Messages that run in the name of accounts whose signatures the caller has kept. */
export interface InnerRun {
  readonly messages: readonly InnerMessage[];
  /** At least one, without repetition; the first one acts. */
  readonly signers: readonly string[];
  /** Stands for the hash of a body: 32 bytes, hexadecimal, unique on the chain. The ids that the messages derive follow from it. */
  readonly bodyHash: string;
}

/**
 * What a handler may do with messages that it keeps. They pass the same handlers as those of a transaction, on the state as it is now, all or
 * nothing. Who has signed them is the caller's word. They cannot do the same again. From version 4 on, a transaction is refused whose runs come to more than
 * 16 KiB together, from version 5 on with 1 KiB at least for each (tx/InnerTooLarge).
 */
export interface InnerMessages {
  /** Refuses what could never run: tx/UnknownMessage, tx/InvalidMessage, tx/InnerBlobs. */
  requireRunnable(messages: readonly InnerMessage[]): void;
  /** Runs them. Returns the refusal if there was one, and then nothing of them has happened. */
  execute(run: InnerRun): Refusal | undefined;
  /** What `execute` would return; nothing happens. */
  rehearse(run: InnerRun): Refusal | undefined;
}

/** What an invariant may see besides: whole collections, which no handler may walk. */
export interface AuditContext extends ReadContext {
  /** Every record of a collection in key order; the key comes without the prefix. */
  all<V>(collection: Pick<Collection<never, V>, "prefix" | "decode">): Iterable<readonly [key: string, value: V]>;
}
