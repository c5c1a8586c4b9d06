import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { createContext, Script } from "node:vm";
import { gzipSync } from "node:zlib";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { build, type Plugin } from "vite";
import { describe, expect, it } from "vitest";
import { createProofFile } from "./proofs/proof-file.ts";
import { provenChain } from "./proofs/testing/proven-chain.ts";

/** Size over the wire of the whole package with all that it brings along; a page that uses a part of it gets less. */
const MAX_GZIP_BYTES = 139_000;

/** Fails the build where something reaches for Node. */
const refuseNode: Plugin = {
  name: "refuse-node",
  enforce: "pre",
  resolveId(source, importer) {
    if (isBuiltin(source)) throw new Error(`${importer} imports ${source}, which no browser has`);
  },
};

/** The package as one script that puts its names into the global `sdk`. */
async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    plugins: [refuseNode],
    build: { write: false, target: "es2024", lib: { entry, name: "sdk", formats: ["iife"], fileName: "sdk" } },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (!result || !("output" in result)) throw new Error("the build gave nothing");
  return result.output[0].code;
}

/** What every browser has and ECMAScript has not. No `process`, `Buffer`, `require`. */
function browserContext() {
  const { crypto, TextEncoder, TextDecoder, CompressionStream, DecompressionStream, ReadableStream, Response, DOMException } = globalThis;
  const web = { crypto, TextEncoder, TextDecoder, CompressionStream, DecompressionStream, ReadableStream, Response, DOMException };
  return createContext({
    ...web,
    URL,
    URLSearchParams,
    Headers,
    Request,
    Blob,
    AbortSignal,
    AbortController,
    setTimeout,
    clearTimeout,
    Uint8Array,
  });
}

const code = await bundle(fileURLToPath(new URL("./index.ts", import.meta.url)));

describe("the browser build", () => {
  it("needs no module of Node and stays small", () => {
    expect(code).not.toMatch(/require\(|from\s*"node:/);

    expect(gzipSync(code).length).toBeLessThan(MAX_GZIP_BYTES);
  });

  it("notices a module of Node", async () => {
    await expect(bundle(fileURLToPath(new URL("./testing/needs-node.ts", import.meta.url)))).rejects.toThrow(/imports node:fs/);
  });

  it("makes keys, signs, seals and opens where there is nothing but the web's own", async () => {
    const context = browserContext();
    new Script(code).runInContext(context);
    Object.assign(context, { collectiveKey: portableCrypto.ristretto255.multiplyBase(Uint8Array.of(7, ...new Uint8Array(31))) });
    const script = `(async () => {
      const words = sdk.createSeedWords(sdk.webRandom);
      const account = await sdk.ownAccount(sdk.accountKeys(await sdk.seedFromWords(words), 0));
      const client = sdk.createClient({ url: "http://node.test", chainId: "test" });
      const { txHash } = await sdk.buildTransaction(client, { actors: [account], messages: [account.creation] });
      const ownership = { objectId: "01".repeat(32), owner: account.account, policyHash: "02".repeat(32) };
      const plaintext = new TextEncoder().encode(words);
      const sealing = { plaintext, ownerRecordKey: account.keys.record.publicKey, collectiveKey, crypto: client.crypto };
      const sealed = await sdk.sealObject({ ...ownership, ...sealing });
      const opened = await sdk.openWithOwnerKey({ ...ownership, ...sealed, recordKeys: account.keys.record });
      return txHash + " " + (new TextDecoder().decode(opened) === words);
    })()`;
    expect(await (new Script(script).runInContext(context) as Promise<string>)).toMatch(/^[0-9a-f]{64} true$/);
  });

  it("checks a proof file where there is nothing but the web's own", async () => {
    const { executed, absent, context: given } = await provenChain();
    const context = browserContext();
    new Script(code).runInContext(context);
    Object.assign(context, { text: createProofFile([executed, absent], given.crypto), trust: given.trust, nowMs: given.nowMs });
    const script = "sdk.verifyProofFile({ text, trust, nowMs, crypto: sdk.createClient({ url: '' }).crypto }).checks.join()";
    expect(new Script(script).runInContext(context)).toContain(bytesToHex(absent.final.header.appHash));
  });
});
