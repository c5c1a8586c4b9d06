import { readFile } from "node:fs/promises";
import { successorHash } from "@galen/ledger/app/genesis";
import { announcement } from "@galen/ledger/modules/handover/index";
import { nativeCrypto } from "@galen/node/crypto/native";
import { succeedData } from "@galen/node/handover-data";
import { writeFileDurably } from "@galen/node/keys/durable-file";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { status } from "@galen/sdk/client/status";
import { fetchStateProof } from "@galen/sdk/proofs/fetch-proof";
import { readProven } from "@galen/sdk/proofs/read-proven";
import { stateProofToJson } from "@galen/sdk/proofs/state-proof";
import { submit } from "@galen/sdk/transactions/submit";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { parseJson } from "../message-fields.ts";
import { readSuccessor } from "../network/successor.ts";
import { actorOf, openSession } from "../session.ts";
import type { Answer } from "../terminal/answer.ts";
import { addVerb, type VerbOptions } from "../verb.ts";

/** `galen handover announce|apply`. */
export function addHandover(program: Command): void {
  const group = program.command("handover").description("move a chain with everything it holds into a new network");
  addVerb<{ readonly as: string[]; readonly save: string }>(group, {
    usage: "announce <founding>",
    summary: "End this chain by decision of its members and name the network in which it goes on; keeps the proof of that.",
    example: 'galen handover announce founding.json --as "Sampleton General Hospital" --save handover.json',
    options: (command) =>
      command
        .requiredOption("--as <names...>", "members of the alliance who decide")
        .option("--save <file>", "where the proof goes", "handover.json"),
    run: announce,
  });
  addVerb<{ readonly proof: string; readonly data: string }>(group, {
    usage: "apply <founding>",
    summary: "Turn a stopped node's data folder, whose chain has ended, into one of the announced network.",
    example: "galen handover apply founding.json --proof handover.json --data data",
    options: (command) =>
      command
        .option("--proof <file>", "what `handover announce` kept", "handover.json")
        .option("--data <folder>", "the node's data folder", "data"),
    async run({ proof, data }, path = "") {
      const genesis = await succeedData(data, await readSuccessor(path), await readJson(proof));
      const text = [
        `${data} holds the state with which ${genesis.chainId} goes on from height ${genesis.predecessor!.height + 1}.`,
        "Every node of the network needs it before its first start: docs/operations/move-to-a-network.md says how.",
      ].join("\n");
      return { json: genesis, text };
    },
  });
}

async function announce({ as, save, ...options }: VerbOptions & { as: string[]; save: string }, path = ""): Promise<Answer> {
  const session = await openSession(options);
  const { client } = session;
  const successor = { ...(await readSuccessor(path)), version: (await status(client)).appVersion };
  const value = { chainId: successor.chainId, successorHash: successorHash(successor, nativeCrypto) };
  const actors = await Promise.all(as.map((name) => actorOf(session, name)));
  await unlessEnded(submit(client, { actors, messages: [{ type: "handover.announce", value }] }));
  await requireNamed(client, value.successorHash);
  const proof = await fetchStateProof(client, announcement.keyOf("current"));
  await writeFileDurably(save, Buffer.from(`${JSON.stringify(stateProofToJson(proof, nativeCrypto), undefined, 2)}\n`));
  const text = `The chain has ended and goes on as ${value.chainId}; the proof is in ${save}. Stop its node, then run \`npx galen handover apply\`.`;
  return { json: { ...value, proof: save }, text };
}

/** A chain that has ended before may have named the same network. */
async function unlessEnded(step: ReturnType<typeof submit>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!(error instanceof GalenError) || error.id !== "handover/ChainEnded") throw error;
  }
}

async function requireNamed(client: Client, wanted: string): Promise<void> {
  const { value } = await readProven(client, announcement, "current");
  if (value?.successorHash !== wanted) throw errors.OtherSuccessor({ chainId: value?.chainId ?? "none" });
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw errors.NotFound({ path });
  return parseJson(text, path);
}
