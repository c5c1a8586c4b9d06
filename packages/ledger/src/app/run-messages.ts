import { requireHexBytes } from "../crypto/hex.ts";
import { createOverlay } from "../store/overlay.ts";
import type { StateReader, StateWriter } from "../store/state-store.ts";
import { errors } from "../tx/errors.ts";
import type { Message } from "../tx/transaction.ts";
import type { Context, InnerMessage, InnerMessages, InnerRun, ReadContext } from "./context.ts";
import type { LedgerEvent } from "./events.ts";
import { Refusal } from "./refusal.ts";
import type { CompiledVersion } from "./version.ts";

/** The block in which messages run. */
interface Block extends Omit<ReadContext, "state"> {
  readonly version: CompiledVersion;
}

/** Messages with everybody who signed them, and where their effects go. */
interface Run extends Pick<Context, "signers" | "bodyHash" | "state" | "before"> {
  readonly messages: readonly Message[];
  readonly events: LedgerEvent[];
}

/**
 * How many bytes of kept messages a transaction runs or rehearses, from version 4 on: two proposals of the largest size, each of which is run at a vote of some 150
 * bytes. Without a limit one transaction of 9 KB made work for that of 800 KB.
 */
const MAX_INNER_BYTES = 16_384;
/** What a run counts for at least, from version 5 on: whoever keeps messages looks up who has signed them, of whom there may be many for a message of one byte. */
const MIN_RUN_BYTES = 1_024;
/** Of the messages of a transaction with those that it runs, by their weights, from version 5 on: more than as many common ones as a transaction may hold. */
const MAX_WEIGHT = 128;

/** Counts what a transaction asks for, its inner runs included. */
interface Meter {
  weight: number;
  innerBytes: number;
}

/** Runs the messages of a transaction one after the other. Throws Refusal; the caller drops what was written until then. */
export function runMessages(block: Block, run: Run): void {
  const meter: Meter = { weight: 0, innerBytes: 0 };
  runEach(block, run, { meter, inner: innerMessages(block, run, meter) });
}

function runEach(block: Block, run: Run, { meter, inner }: { readonly meter: Meter; readonly inner: InnerMessages }): void {
  const { chainId, height, time, crypto, version } = block;
  const { messages, signers, bodyHash, state, before, events } = run;
  const emit = (event: LedgerEvent) => events.push(event);
  for (let messageIndex = 0; messageIndex < messages.length; messageIndex++) {
    if (messageIndex > 0) version.betweenMessages?.({ state });
    const { type, value } = messages[messageIndex]!;
    // Written out: copying it from a context of the block would cost more than many a handler.
    const acting = { signers, signer: signers[0]!, bodyHash, messageIndex };
    const context: Context = { chainId, height, time, crypto, state, before, emit, ...acting, inner };
    const { weight = 1, handle } = version.messages.get(type)!;
    meter.weight += weight;
    if (meter.weight > MAX_WEIGHT && version.number >= 5) throw errors.TooMuchWork({ maxWeight: MAX_WEIGHT });
    handle(context, value as never);
  }
}

/** What the handlers of a transaction may do with messages that they keep; effects join those of the transaction. */
function innerMessages(block: Block, { state, before, events }: Pick<Run, "state" | "before" | "events">, meter: Meter): InnerMessages {
  const { number } = block.version;
  const attempt = (run: InnerRun) => {
    const sizeBytes = run.messages.reduce((sum, { value }) => sum + value.length / 2, 0);
    meter.innerBytes += number >= 5 ? Math.max(sizeBytes, MIN_RUN_BYTES) : sizeBytes;
    if (meter.innerBytes > MAX_INNER_BYTES && number >= 4) throw errors.InnerTooLarge({ maxBytes: MAX_INNER_BYTES });
    return attemptOf(block, { parent: state, before, meter }, run);
  };
  return {
    requireRunnable(messages) {
      for (const message of messages) decodeInner(block.version, message);
    },
    execute(run) {
      const done = attempt(run);
      if (done instanceof Refusal) return done;
      done.state.mergeInto(state);
      events.push(...done.events);
      return undefined;
    },
    rehearse(run) {
      const done = attempt(run);
      return done instanceof Refusal ? done : undefined;
    },
  };
}

/** The effects of inner messages, kept apart, or their refusal. */
function attemptOf(
  block: Block,
  { parent, before, meter }: { readonly parent: StateWriter; readonly before: StateReader; readonly meter: Meter },
  { messages, signers, bodyHash }: InnerRun,
) {
  const state = createOverlay(parent);
  const events: LedgerEvent[] = [];
  try {
    const decoded = messages.map((message) => decodeInner(block.version, message));
    runEach(block, { messages: decoded, signers, bodyHash, state, before, events }, { meter, inner: NO_DEEPER });
    return { state, events };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function decodeInner({ codec, messages }: CompiledVersion, { type, value }: InnerMessage): Message {
  const message = { type, value: codec.decodeValue(type, requireHexBytes(value, value.length / 2)) };
  // Receipts say that the blobs are held when the transaction comes, and its own receipts cover its own blobs only.
  if (messages.get(type)!.blobs(message.value as never).length > 0) throw errors.InnerBlobs({ type });
  return message;
}

function refuse(): never {
  throw errors.InnerTooDeep();
}

const NO_DEEPER: InnerMessages = { requireRunnable: refuse, execute: refuse, rehearse: refuse };
