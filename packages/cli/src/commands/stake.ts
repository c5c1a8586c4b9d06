import { query } from "@galen/sdk/client/query";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { parseCount } from "../choices.ts";
import { actorOf, openSession } from "../session.ts";
import { type Answer, count } from "../terminal/answer.ts";
import { addVerb, type VerbOptions } from "../verb.ts";
import { accountOf, nameOf } from "../wallet/look-up.ts";

interface StakeFlags {
  readonly as: string;
  readonly node?: string;
}

interface AmountFlags extends StakeFlags {
  readonly amount: string;
}

interface Stake {
  readonly tokens: number;
  readonly leaving: readonly { readonly epoch: number; readonly tokens: number }[];
}

/** `galen stake bond|unbond|withdraw`. */
export function addStake(program: Command): void {
  const group = program.command("stake").description("bond shares to a node and take them back");
  const withNode = (command: Command) =>
    command
      .requiredOption("--as <name>", "whose shares; signs")
      .option("--node <organisation>", "whose node; by default that of the one who signs");
  const withAmount = (command: Command) => withNode(command).requiredOption("--amount <shares>", "how many shares");
  addVerb<AmountFlags>(group, {
    usage: "bond",
    summary: "Bond shares to a node. If it breaks the rules, a part of them is burned.",
    example: 'galen stake bond --as "Sampleton General Hospital" --amount 100',
    options: withAmount,
    run: (flags) => changeStake("validators.bond", flags),
  });
  addVerb<AmountFlags>(group, {
    usage: "unbond",
    summary: "Take shares back from a node; they can be withdrawn some epochs later.",
    example: 'galen stake unbond --as "Sampleton General Hospital" --amount 40',
    options: withAmount,
    run: (flags) => changeStake("validators.unbond", flags),
  });
  addVerb<StakeFlags>(group, {
    usage: "withdraw",
    summary: "Withdraw the unbonded shares that are due.",
    example: 'galen stake withdraw --as "Sampleton General Hospital"',
    options: withNode,
    run: (flags) => changeStake("validators.withdraw", flags),
  });
}

/** `galen delegate`. */
export function addDelegate(program: Command): void {
  addVerb<Omit<AmountFlags, "node"> & { readonly to: string }>(program, {
    usage: "delegate",
    summary: "Bond shares to another organisation's node; take them back with `galen stake unbond --node`.",
    example: 'galen delegate --as "Placeholm Mutual" --to "Sampleton General Hospital" --amount 10',
    options: (command) =>
      command
        .requiredOption("--as <name>", "whose shares; signs")
        .requiredOption("--to <organisation>", "whose node")
        .requiredOption("--amount <shares>", "how many shares"),
    run: ({ to, ...flags }) => changeStake("validators.bond", { ...flags, node: to }),
  });
}

async function changeStake(
  type: string,
  { as, node, amount, ...options }: StakeFlags & { amount?: string } & VerbOptions,
): Promise<Answer> {
  const session = await openSession(options);
  const actor = await actorOf(session, as);
  const organisation = node === undefined ? actor.account : accountOf(session.wallet, node);
  const parties = { organisation, account: actor.account };
  const value = amount === undefined ? parties : { ...parties, amount: parseCount("--amount", amount) };
  const { txHash, height } = await submit(session.client, { actors: [actor], messages: [{ type, value }] });
  const { result } = await query<Stake>(session.client, "validators.stake", parties);
  const leaving = result.leaving.map(({ epoch, tokens }) => `${count(tokens, "share")} from epoch ${epoch} on`);
  const lines = [
    `${as} has bonded ${count(result.tokens, "share")} to the node of ${nameOf(session.wallet, organisation)}.`,
    ...(leaving.length > 0 ? [`To be withdrawn: ${leaving.join(", ")}.`] : []),
  ];
  return { json: { txHash, height, ...parties, bonded: result.tokens, leaving: result.leaving }, text: lines.join("\n") };
}
