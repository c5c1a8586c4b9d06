import type { PreparedTransaction } from "../tx/prepare.ts";
import { noFacts } from "./block-facts.ts";
import { executeTransaction, type TxResult } from "./execute.ts";
import { type Block, beginBlock, executedOf, type OpenBlock } from "./finalize-block.ts";
import { type Machine, openScope } from "./machine.ts";

/** What an engine that makes its blocks alone knows of the next one before its transactions: all that they and `onBlock` see but the hash. */
export type ForeseenBlock = Pick<Block, "time" | "votes" | "misbehavior">;

/** Dry runs on the last state, each after those that passed before it. */
export interface DryRuns {
  run(prepared: PreparedTransaction): TxResult;
  /** These dry runs as the execution of `block`, if they were just that: nothing of it then has to run again, and nothing may be run here. */
  executionOf(block: Block): OpenBlock | undefined;
}

/**
 * Begins a series of dry runs: in the block that is foreseen, so that they can become its execution (optimistic execution, as the Cosmos SDK calls
 * it), or in an imagined one at the time of the last.
 */
export function beginDryRuns(machine: Machine, next: ForeseenBlock | undefined): DryRuns {
  const open = next && beginForeseen(machine, next);
  const scope = open?.scope ?? openScope(machine, { height: machine.state.height + 1, time: machine.time });
  return {
    run(prepared) {
      const { result, remember } = executeTransaction(scope, prepared);
      // One that a dry run refuses has not executed: sent again, it is to hear the same refusal and not that it was replayed.
      if (result.refusal && remember) scope.executed.delete(prepared.bodyHash);
      if (open && !result.refusal) {
        open.txs.push(prepared.bytes);
        open.txResults.push(result);
        open.executed.push(executedOf(prepared));
        machine.cache.reduce(prepared.bytes);
      }
      return result;
    },
    executionOf: (block) => (open && isForeseen(block, next, open) ? open : undefined),
  };
}

/** The beginning of a block whose hash nobody knows yet; undefined if a module asks for it. */
function beginForeseen(machine: Machine, { time, votes, misbehavior }: ForeseenBlock): OpenBlock | undefined {
  let isHashAsked = false;
  const facts = {
    votes,
    misbehavior,
    get hash() {
      isHashAsked = true;
      return noFacts.hash;
    },
  };
  const open = beginBlock(machine, { height: machine.state.height + 1, time }, facts);
  return isHashAsked ? undefined : open;
}

function isForeseen(block: Block, next: ForeseenBlock, { scope, txs }: OpenBlock): boolean {
  const isSameBegin = block.height === scope.height && block.time === next.time;
  const areSameFacts = block.votes === next.votes && block.misbehavior === next.misbehavior;
  return isSameBegin && areSameFacts && block.txs.length === txs.length && block.txs.every((bytes, i) => bytes === txs[i]);
}
