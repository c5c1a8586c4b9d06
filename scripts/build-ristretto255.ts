import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const crate = fileURLToPath(new URL("../packages/ristretto255/rust", import.meta.url));
const committed = fileURLToPath(new URL("../packages/ristretto255/ristretto255.wasm", import.meta.url));
const record = fileURLToPath(new URL("../packages/ristretto255/built-from.json", import.meta.url));
const folder = fileURLToPath(new URL("../.cache/ristretto255", import.meta.url));

/** Debian 12's, from the packages `rustc`, `cargo` and `libstd-rust-dev-wasm32`: one compiler gives everybody the same bytes. */
const COMPILER = "rustc 1.63.0";
const [cargo, rustc] = ["/usr/bin/cargo", "/usr/bin/rustc"];
const TARGET = "wasm32-unknown-unknown";

/** Builds the module from the crate and its locked dependencies. Throws when the compiler is another one. */
function build(): Buffer {
  const version = execFileSync(rustc, ["--version"], { encoding: "utf8" }).trim();
  if (!version.startsWith(COMPILER)) throw new Error(`${rustc} is ${version}; the module is built by ${COMPILER} of Debian 12`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(crate, folder, { recursive: true });
  // Any cargo fetches; Debian's is too old for the registry's present protocol and builds from the folder.
  const sources = execFileSync("cargo", ["vendor", "--locked", "--versioned-dirs", "vendor"], { cwd: folder, encoding: "utf8" });
  mkdirSync(join(folder, ".cargo"));
  writeFileSync(join(folder, ".cargo", "config.toml"), sources);
  const RUSTFLAGS = `--remap-path-prefix=${folder}=/galen-ristretto255 --cfg curve25519_dalek_bits="32"`;
  execFileSync(cargo, ["build", "--offline", "--locked", "--release", "--target", TARGET], {
    cwd: folder,
    env: { ...process.env, RUSTC: rustc, RUSTFLAGS, CARGO_HOME: join(folder, "home"), RUSTUP_TOOLCHAIN: "" },
    stdio: "inherit",
  });
  return readFileSync(join(folder, "target", TARGET, "release", "galen_ristretto255.wasm"));
}

/** SHA-256 of the crate's files and of a module, as they lie beside the committed module: a changed source without a new module is found by a test. */
function builtFrom(module: Uint8Array): string {
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const files = ["Cargo.lock", "Cargo.toml", "src/lib.rs"].map((name) => [`rust/${name}`, sha256(readFileSync(join(crate, name)))]);
  return `${JSON.stringify(Object.fromEntries([...files, ["ristretto255.wasm", sha256(module)]]), undefined, 2)}\n`;
}

/** `npm run build:ristretto255` writes the module; with `-- --check` it compares what it builds with what is committed. */
const built = build();
if (process.argv[2] !== "--check") {
  writeFileSync(committed, built);
  writeFileSync(record, builtFrom(built));
} else if (built.equals(readFileSync(committed))) {
  console.log("packages/ristretto255/ristretto255.wasm is what its source gives");
} else {
  console.error("packages/ristretto255/ristretto255.wasm is not what its source gives");
  process.exitCode = 1;
}
