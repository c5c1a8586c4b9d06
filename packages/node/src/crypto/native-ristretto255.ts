import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openRistretto255 } from "@galen/ristretto255";

const file = fileURLToPath(import.meta.resolve("@galen/ristretto255/ristretto255.wasm"));

/** ristretto255 in WebAssembly, compiled once, when this file is loaded: sodium-native has none. */
export const nativeRistretto255 = openRistretto255(readFileSync(file));
