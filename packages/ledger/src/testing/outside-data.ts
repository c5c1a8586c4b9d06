import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(process.env.GALEN_TEST_DATA ?? join(import.meta.dirname, "../../../../../shared/data"));

/** The parsed JSON file at `path` of the outside data (setting `GALEN_TEST_DATA`), or undefined where that data is absent. */
export function outsideData<T = unknown>(path: string): T | undefined {
  const file = join(folder, path);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}

/** The bytes of the file at `path` of the outside data, or undefined where that data is absent. */
export function outsideBytes(path: string): Uint8Array | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Paths of the JSON files in one directory of the outside data, sorted; empty where that data is absent. */
export function outsideFiles(directory: string): string[] {
  const path = join(folder, directory);
  if (!existsSync(path)) return [];
  const names = readdirSync(path).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => `${directory}/${name}`);
}
