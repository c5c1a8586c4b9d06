import type { BlockContext, WriteContext } from "../../app/context.ts";
import { concatBytes } from "../../crypto/bytes.ts";
import { bytesToHex, requireHexBytes } from "../../crypto/hex.ts";
import type { CryptoProvider } from "../../crypto/provider.ts";
import { encodeUtf8 } from "../../crypto/utf8.ts";
import { type EpochPlace, epochAt } from "./epochs.ts";
import type { Miner, Puzzle } from "./schema.ts";
import type { WorkPolicy } from "./settings.ts";
import { currentSettings, entropy, puzzle } from "./state.ts";

/**
 * The last blocks of an epoch whose hashes make the next challenge, beside that of the block that begins it. The proposer of one of them can
 * try several blocks, but must then give up those that come out wrong, and knows only the last before the others.
 */
const ENTROPY_BLOCKS = 4;
/** The difficulty changes by this factor at most from one epoch to the next. */
const MAX_RETARGET = 4n;
const MAX_DIFFICULTY = 281_474_976_710_656n;
const HASH_RANGE = 2n ** 256n;
const SOLUTION_DOMAIN = encodeUtf8("galen/work/1:")!;
const CHALLENGE_DOMAIN = encodeUtf8("galen/work-challenge/1:")!;

/** What a miner hashes for a nonce: bound to the challenge of the epoch and to the key of its node, so it serves nobody else and no other time. */
export function solutionBytes({ challenge, publicKey, nonce }: { challenge: string; publicKey: string; nonce: number }): Uint8Array {
  const nonceBytes = requireHexBytes(nonce.toString(16).padStart(16, "0"), 8);
  return concatBytes([SOLUTION_DOMAIN, requireHexBytes(challenge, 32), requireHexBytes(publicKey, 32), nonceBytes]);
}

/** Whether a hash (32 bytes, read as a big-endian number) is small enough: one in `difficulty` is. */
export function isSolution(hash: Uint8Array, difficulty: number): boolean {
  return BigInt(`0x${bytesToHex(hash)}`) * BigInt(difficulty) < HASH_RANGE;
}

/** Solutions of a miner that count: those of the last epochs before `epoch`, as many as the window holds, and those in it so far. */
export function solutionsInWindow(miner: Miner | undefined, epoch: number, { windowEpochs }: WorkPolicy): number {
  const counted = miner?.counts.filter((count) => count.epoch >= epoch - windowEpochs) ?? [];
  return counted.reduce((sum, { solutions }) => sum + solutions, 0);
}

/** The difficulty after an epoch with so many solutions, aiming at the policy's number, by a factor of four at most. */
export function retarget({ difficulty, solutions }: Pick<Puzzle, "difficulty" | "solutions">, { solutionsPerEpoch }: WorkPolicy): number {
  const present = BigInt(difficulty);
  const wanted = (present * BigInt(solutions)) / BigInt(solutionsPerEpoch);
  const [lowest, highest] = [present / MAX_RETARGET, present * MAX_RETARGET];
  const clamped = wanted < lowest ? lowest : wanted > highest ? highest : wanted;
  return Number(clamped < 1n ? 1n : clamped > MAX_DIFFICULTY ? MAX_DIFFICULTY : clamped);
}

/** Begins the first epoch under the policy of work: a puzzle, and founders whose share fades. */
export function beginWork(ctx: BlockContext, policy: WorkPolicy, founders: readonly string[]): void {
  puzzle.set(ctx, "current", { challenge: nextChallenge(ctx), difficulty: policy.difficulty, solutions: 0, founders: [...founders] });
}

/** The puzzle of a chain that begins under the policy of work; there is no block yet whose hash nobody knew before. */
export function beginFirstWork(ctx: WriteContext, policy: WorkPolicy, founders: readonly string[]): void {
  const challenge = bytesToHex(ctx.crypto.sha256(encodeUtf8(`galen/work-genesis/1:${ctx.chainId}`)!));
  puzzle.set(ctx, "current", { challenge, difficulty: policy.difficulty, solutions: 0, founders: [...founders] });
}

/** Ends the work of an epoch and sets the next puzzle. */
export function nextPuzzle(ctx: BlockContext, policy: WorkPolicy): void {
  const present = puzzle.get(ctx, "current")!;
  puzzle.set(ctx, "current", { ...present, challenge: nextChallenge(ctx), difficulty: retarget(present, policy), solutions: 0 });
}

/** Forgets the puzzle when another policy takes over. */
export function endWork(ctx: WriteContext): void {
  puzzle.delete(ctx, "current");
  entropy.delete(ctx, "current");
}

/** Mixes the hashes of the last blocks of an epoch, so that state changes in few blocks only. */
export function gatherEntropy(ctx: BlockContext, { offset }: EpochPlace): void {
  const { epochBlocks, policy } = currentSettings(ctx);
  if (policy.kind !== "work" || offset === 0 || offset < epochBlocks - ENTROPY_BLOCKS) return;
  entropy.set(ctx, "current", { hash: mixed(ctx.crypto, [entropyOf(ctx), ctx.block.hash]) });
}

function nextChallenge(ctx: BlockContext): string {
  const epoch = epochAt(ctx, ctx.height).number.toString(16).padStart(64, "0");
  const challenge = mixed(ctx.crypto, [entropyOf(ctx), ctx.block.hash, epoch]);
  entropy.delete(ctx, "current");
  return challenge;
}

function entropyOf(ctx: WriteContext): string {
  return entropy.get(ctx, "current")?.hash ?? "00".repeat(32);
}

function mixed(crypto: CryptoProvider, parts: readonly string[]): string {
  return bytesToHex(crypto.sha256(concatBytes([CHALLENGE_DOMAIN, ...parts.map((part) => requireHexBytes(part, 32))])));
}
