import type { CryptoProvider } from "../crypto/provider.ts";
import { createOverlay } from "../store/overlay.ts";
import type { StateReader, StateWriter } from "../store/state-store.ts";
import { errors } from "../tx/errors.ts";
import { type PreparedTransaction, requireSignatures } from "../tx/prepare.ts";
import { requireReceipts } from "../tx/storage-receipts.ts";
import type { ReadContext, WriteContext } from "./context.ts";
import { eventsRoot, type LedgerEvent } from "./events.ts";
import { type Details, Refusal } from "./refusal.ts";
import type { ReplayWindow } from "./replay-window.ts";
import { runMessages } from "./run-messages.ts";
import type { CompiledVersion } from "./version.ts";

/** What a transaction did. `code` 0 is success; `code` and `data` are part of consensus, the rest explains. */
export interface TxResult {
  readonly code: number;
  /** Root over the events of a successful transaction (RFC 6962), else empty. */
  readonly data: Uint8Array;
  /** The refusal's id, sentence and details; undefined on success. */
  readonly refusal: { readonly id: string; readonly status: number; readonly sentence: string; readonly details: Details } | undefined;
  readonly events: readonly LedgerEvent[];
}

/** The block that is being executed, or the imagined next block of a dry run. */
export interface BlockScope {
  readonly chainId: string;
  readonly height: number;
  readonly time: number;
  readonly crypto: CryptoProvider;
  readonly version: CompiledVersion;
  readonly replay: ReplayWindow;
  /** As the parameters stood before the block. */
  readonly maxTransactionLifetimeMs: number;
  readonly state: StateWriter;
  /** Body hashes executed earlier in this block (or admitted earlier in this dry run). */
  readonly executed: Set<string>;
}

/** The context of a block for reads. */
export function readContext({ chainId, height, time, crypto, state }: Omit<ReadContext, "state"> & { state: StateReader }): ReadContext {
  return { chainId, height, time, crypto, state };
}

/** The context of a block for writes outside any transaction. */
export function writeContext(scope: BlockScope, events: LedgerEvent[]): WriteContext {
  const { chainId, height, time, crypto, state } = scope;
  return { chainId, height, time, crypto, state, emit: (event) => events.push(event) };
}

/**
 * Executes one transaction: guards, then its messages, all or nothing. A refused one leaves the state as it was. `remember` says whether its
 * body counts as executed: true once its signers are known, so that nobody can burn another's transaction with false signatures.
 */
export function executeTransaction(scope: BlockScope, prepared: PreparedTransaction): { result: TxResult; remember: boolean } {
  let remember = false;
  try {
    admit(scope, prepared);
    remember = true;
    scope.executed.add(prepared.bodyHash);
    return { result: execute(scope, prepared), remember };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { result: refusedResult(error), remember };
  }
}

/** The result of a transaction that was refused. */
export function refusedResult({ kind, details }: Refusal): TxResult {
  return {
    code: kind.code,
    data: new Uint8Array(0),
    refusal: { id: kind.id, status: kind.status, sentence: kind.sentence, details },
    events: [],
  };
}

/** Everything that must hold before a message runs. */
function admit(scope: BlockScope, prepared: PreparedTransaction): void {
  const { body, signatures, receipts } = prepared.transaction;
  const context = readContext(scope);
  if (body.chainId !== scope.chainId) throw errors.WrongChain({ chainId: scope.chainId });
  if (body.expiresAt <= scope.time) throw errors.Expired({ expiresAt: body.expiresAt, blockTime: scope.time });
  if (body.expiresAt > scope.time + scope.maxTransactionLifetimeMs)
    throw errors.ExpiryTooFar({ latest: scope.time + scope.maxTransactionLifetimeMs });
  const { bodyHash } = prepared;
  if (scope.executed.has(bodyHash) || scope.replay.heightOf({ bodyHash, expiresAt: body.expiresAt }) !== undefined) throw errors.Replayed();
  if (hasRepetition(body.signers) || hasRepetition(signatures.map((s) => s.publicKey))) throw errors.DuplicateSigner();
  requireSignatures(prepared, scope.crypto);
  scope.version.authenticate(context, body, signatures);
  requireReceipts(context, blobsOf(scope.version, prepared), receipts);
}

/** Addresses of the blobs that a transaction's messages name, in their order. */
export function blobsOf(version: CompiledVersion, { transaction }: Pick<PreparedTransaction, "transaction">): string[] {
  return transaction.body.messages.flatMap(({ type, value }) => version.messages.get(type)!.blobs(value as never));
}

function execute(scope: BlockScope, { transaction: { body }, bodyHash }: PreparedTransaction): TxResult {
  const state = createOverlay(scope.state);
  const events: LedgerEvent[] = [];
  runMessages(scope, { messages: body.messages, signers: body.signers, bodyHash, state, before: scope.state, events });
  state.mergeInto(scope.state);
  return { code: 0, data: eventsRoot(events, scope.crypto), refusal: undefined, events };
}

function hasRepetition(values: readonly string[]): boolean {
  return values.length > 1 && new Set(values).size !== values.length;
}
