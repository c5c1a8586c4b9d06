import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the first test that needs the sample town leaves its data folder for the others of this run. */
    townFolder: string;
  }
}

/** Vitest's global set-up: an empty folder, removed when the run ends. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "galen-town-"));
  project.provide("townFolder", folder);
  return () => rm(folder, { recursive: true, force: true });
}
