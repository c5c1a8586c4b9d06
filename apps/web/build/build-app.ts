import { createHash } from "node:crypto";
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { waitForTurn } from "./turn.ts";

const root = join(import.meta.dirname, "../../..");
const builds = join(root, ".cache/web");
/** Everything from which the app is made. */
const SOURCES = [
  "apps/web/{index.html,vite.config.ts,package.json}",
  "apps/web/{src,build,public}/**",
  "packages/{ledger,sdk,gateway,ristretto255}/src/**",
  "packages/ristretto255/{built-from.json,ristretto255.wasm}",
  "package-lock.json",
];
/** Enough for a node that still serves the one before. */
const KEPT_BUILDS = 3;

/** Where the app's build lies, and whether it had to be made. */
export interface BuiltApp {
  readonly folder: string;
  readonly isNew: boolean;
}

/**
 * Builds the app, unless these very sources were built before. The folder is named after their hash and appears complete. Of several processes that ask at once, as
 * the nodes of a network do at their first start, one builds.
 */
export async function buildApp(onBuild: () => void = () => {}): Promise<BuiltApp> {
  const folder = join(builds, hashOfSources());
  if (isThere(folder)) return { folder, isNew: false };
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  await waitForTurn(unfinished);
  if (isThere(folder)) {
    rmSync(unfinished, { recursive: true });
    return { folder, isNew: false };
  }
  onBuild();
  // Whoever starts this may be a test, whose environment would bring React's slow half along.
  process.env.NODE_ENV = "production";
  const { build } = await import("vite");
  const configFile = join(root, "apps/web/vite.config.ts");
  await build({ configFile, mode: "production", logLevel: "error", build: { outDir: unfinished, emptyOutDir: true } });
  renameSync(unfinished, folder);
  removeOldBuilds(folder);
  return { folder, isNew: true };
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

function isThere(folder: string): boolean {
  return readdirSync(builds, { withFileTypes: true }).some((entry) => join(builds, entry.name) === folder);
}

function removeOldBuilds(newest: string): void {
  const finished = readdirSync(builds).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const folders = finished.map((name) => join(builds, name)).filter((folder) => folder !== newest);
  const old = folders.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs).slice(KEPT_BUILDS - 1);
  for (const folder of old) rmSync(folder, { recursive: true, force: true });
}

mkdirSync(builds, { recursive: true });

if (import.meta.main) {
  const startedAt = performance.now();
  const { folder, isNew } = await buildApp(() =>
    process.stderr.write("Building the web app (first start, or its sources have changed) …\n"),
  );
  if (isNew) process.stderr.write(`Built the web app in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.\n`);
  process.stdout.write(`${folder}\n`);
}
