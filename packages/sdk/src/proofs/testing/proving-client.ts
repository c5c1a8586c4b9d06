import { blockTime, createSigners } from "@galen/ledger/block/testing/signed-chain";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { validatorsHash } from "@galen/ledger/block/validator";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { encodeStateProof } from "@galen/ledger/store/proof";
import type { TestChain } from "@galen/ledger/testing/chain";
import { type Client, createClient } from "../../client/client.ts";
import { type StateProof, stateProofToJson } from "../state-proof.ts";
import { finalHeader } from "./proven-chain.ts";

const signers = createSigners({ "validator one": 10n });
const trust = { chainId: "test", validatorsHash: bytesToHex(validatorsHash(signers, portableCrypto.sha256)) };

type ProvenJson = Pick<ReturnType<typeof stateProofToJson>, "key" | "value" | "proof">;

/** What a node does differently from an honest one. */
export interface Lies {
  /** The height at which it proves a key; undefined for the latest. */
  readonly heightOf?: (key: string) => number | undefined;
  readonly alterProof?: (proof: StateProof) => StateProof;
  /** The records of an answer that proves several keys. */
  readonly alterRecords?: (records: readonly ProvenJson[]) => readonly unknown[];
  readonly alterResult?: (result: unknown) => unknown;
}

/** A client that trusts the validators of a real chain, and whose node proves state and answers queries about it, with lies; the last block is `agoMs` old. */
export function provingClient({ ledger, executed }: TestChain, lies: Lies = {}, agoMs = 0): Client {
  function prove(key: string, at = lies.heightOf?.(key)): StateProof {
    const { value, proof, height } = ledger.prove(key, at);
    const { appHash } = executed[height - 1]!.finalized;
    const final = finalHeader(height + 1, signers, { appHash });
    const honest: StateProof = { kind: "state", key, height, value, path: encodeStateProof(proof), final };
    return lies.alterProof?.(honest) ?? honest;
  }

  const proofJson = (proof: StateProof) => stateProofToJson(proof, portableCrypto);

  function proveAll(keys: readonly string[]): Response {
    // One header for all: what is hidden for one key is old for the others.
    const at = keys.map((key) => lies.heightOf?.(key)).find((height) => height !== undefined);
    const proofs = keys.map((key) => prove(key, at));
    const { height, signedHeader, validators } = proofJson(proofs[0]!);
    const records = proofs.map(proofJson).map(({ key, value, proof }) => ({ key, value, proof }));
    return Response.json({ height, signedHeader, validators, records: lies.alterRecords?.(records) ?? records });
  }

  function ask(name: string, given: URLSearchParams): Response {
    const parameters = Object.fromEntries([...given].map(([field, text]) => [field, /^[0-9]{1,15}$/.test(text) ? Number(text) : text]));
    const { height, result } = ledger.query(name, parameters);
    return Response.json({ height, result: lies.alterResult?.(result) ?? result });
  }

  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/v1/state") return Response.json(proofJson(prove(searchParams.get("key")!)));
    if (pathname === "/v1/state/proofs") return proveAll(((await request.json()) as { keys: string[] }).keys);
    return ask(pathname.split("/").at(-1)!, searchParams);
  };
  return createClient({ url: "http://node.test", trust, fetch, now: () => toMilliseconds(blockTime(ledger.height + 1)) + agoMs });
}
