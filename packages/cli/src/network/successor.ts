import { readFile } from "node:fs/promises";
import { Genesis } from "@galen/ledger/app/genesis";
import { codecOf } from "@galen/ledger/schema/codec";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import type { AnnouncedNetwork } from "@galen/node/handover-data";
import { Type } from "typebox";
import { errors } from "../errors.ts";
import { genesisOf, parseFounding } from "./founding.ts";

const { chainId, validators, parameters } = Genesis.properties;
const namedCodec = codecOf(Type.Object({ chainId, validators, parameters }));

/**
 * What of a founding document, or of a genesis document, a chain can name before its end. Accounts and members come with the state, so no module has a part.
 * Checked here, because a chain that has ended in favour of something else has ended all the same. Throws Refusal cli/NotFound, cli/BadFounding, cli/BadCard,
 * cli/CardsDoNotFit, cli/BadSuccessor.
 */
export async function readSuccessor(file: string): Promise<AnnouncedNetwork> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) throw errors.NotFound({ path: file });
  const document = parseDocument(text, file);
  const { chainId, validators, parameters } = "cards" in document ? genesisOf(parseFounding(text, file)) : (document as AnnouncedNetwork);
  requireShape({ chainId, validators, parameters }, file);
  if (new Set(validators.map(({ publicKey }) => publicKey)).size < validators.length)
    throw errors.BadSuccessor({ file, reason: "two of its validators have one key" });
  return { chainId, validators, parameters, modules: {} };
}

function parseDocument(text: string, file: string): object {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw errors.BadSuccessor({ file, reason: (error as Error).message });
  }
  if (typeof document !== "object" || document === null) throw errors.BadSuccessor({ file, reason: "it holds no JSON object" });
  return document;
}

function requireShape(named: Pick<AnnouncedNetwork, "chainId" | "validators" | "parameters">, file: string): void {
  try {
    namedCodec.encode(named);
  } catch (error) {
    if (error instanceof SchemaError) throw errors.BadSuccessor({ file, reason: error.message });
    throw error;
  }
}
