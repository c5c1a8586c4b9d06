import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import { epochAt } from "../epochs.ts";
import { errors } from "../errors.ts";
import { solved } from "../events.ts";
import { MAX_OVERSUPPLY, type Miner, type Node, type Puzzle, type Solve } from "../schema.ts";
import { MAX_WINDOW_EPOCHS } from "../settings.ts";
import { currentSettings, miners, puzzle, requireNode } from "../state.ts";
import { isSolution, solutionBytes } from "../work.ts";

/** `validators.solve`: nonces that solve the puzzle of the epoch for the node's key. */
export function solve(ctx: Context, { organisation, nonces }: Static<typeof Solve>): void {
  if (!ctx.signers.includes(organisation)) throw errors.NotOperator({ organisation });
  const node = requireNode(ctx, organisation);
  const { policy } = currentSettings(ctx);
  const present = puzzle.get(ctx, "current");
  if (policy.kind !== "work" || !present) throw errors.NoPuzzle();
  if (node.jail) throw errors.Jailed({ until: node.jail.until });
  const epoch = epochAt(ctx, ctx.height).number;
  const miner = miners.get(ctx, organisation);
  const inEpoch = miner?.counts.at(-1)?.epoch === epoch ? miner : undefined;
  requireAscending(nonces, inEpoch?.lastNonce);
  if (present.solutions + nonces.length > policy.solutionsPerEpoch * MAX_OVERSUPPLY) throw errors.EpochFull();
  requireSolutions(ctx, { node, nonces, present });

  puzzle.set(ctx, "current", { ...present, solutions: present.solutions + nonces.length });
  miners.set(ctx, organisation, counted(miner, { epoch, nonces }));
  ctx.emit(solved({ organisation, epoch, solutions: nonces.length }));
}

function requireAscending(nonces: readonly number[], last: number | undefined): void {
  const isAscending = nonces.every((nonce, at) => nonce > (at === 0 ? (last ?? -1) : nonces[at - 1]!));
  if (!isAscending) throw errors.NotAscending();
}

function requireSolutions(ctx: Context, work: { readonly node: Node; readonly nonces: readonly number[]; readonly present: Puzzle }): void {
  const { challenge, difficulty } = work.present;
  for (const nonce of work.nonces) {
    const hash = ctx.crypto.sha256(solutionBytes({ challenge, publicKey: work.node.publicKey, nonce }));
    if (!isSolution(hash, difficulty)) throw errors.WrongSolution({ nonce });
  }
}

function counted(miner: Miner | undefined, { epoch, nonces }: { readonly epoch: number; readonly nonces: readonly number[] }): Miner {
  const earlier = miner?.counts ?? [];
  const last = earlier.at(-1);
  const isGoingOn = last?.epoch === epoch;
  const solutions = (isGoingOn ? last.solutions : 0) + nonces.length;
  const before = isGoingOn ? earlier.slice(0, -1) : earlier;
  return { lastNonce: nonces.at(-1)!, counts: [...before.slice(1 - MAX_WINDOW_EPOCHS), { epoch, solutions }] };
}
