import { hexToBytes } from "@galen/ledger/crypto/hex";
import type { Ristretto255 } from "@galen/ledger/crypto/provider";
import { openRistretto255 } from "@galen/ristretto255";
import builtFrom from "@galen/ristretto255/built-from.json" with { type: "json" };
import address from "@galen/ristretto255/ristretto255.wasm?url";

/** Fetches the module, pinned as every script is: it computes with secrets. Rejects with TypeError or WebAssembly.CompileError. */
export async function fetchRistretto255(): Promise<Ristretto255> {
  const digest = hexToBytes(builtFrom["ristretto255.wasm"])!;
  const answer = await fetch(address, { integrity: `sha256-${btoa(String.fromCharCode(...digest))}` });
  return openRistretto255(new Uint8Array(await answer.arrayBuffer()));
}
