import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ledgerIsDeterministic } from "./tidy/determinism.ts";
import {
  architectureShowsTheTable,
  facesStandApart,
  importsFollowTheTable,
  manifestsFollowTheTable,
  modulesLookBack,
  noImportCycles,
} from "./tidy/imports.ts";
import { modulesShareAnAnatomy, namesSayWhat } from "./tidy/names.ts";
import { type Finding, type Repository, type Rule, readRepository } from "./tidy/repository.ts";
import { type Ratchet, sizesStaySmall } from "./tidy/sizes.ts";
import { linksResolve, lockHasNoAddresses, textsAreClean } from "./tidy/texts.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ratchet = JSON.parse(readFileSync(new URL("tidy-ratchet.json", import.meta.url), "utf8")) as Ratchet;

/** What the repository checks about itself. `npm test` runs them all; `node scripts/tidy.ts` prints what they find. */
export const rules: readonly Rule[] = [
  importsFollowTheTable,
  manifestsFollowTheTable,
  architectureShowsTheTable,
  noImportCycles,
  modulesLookBack,
  facesStandApart,
  ledgerIsDeterministic,
  namesSayWhat,
  modulesShareAnAnatomy,
  sizesStaySmall(ratchet),
  textsAreClean,
  lockHasNoAddresses,
  linksResolve,
];

/** This repository as it lies on the disk, uncommitted files included. */
export function thisRepository(): Repository {
  return readRepository(root);
}

export function formatFinding({ path, line, message }: Finding): string {
  return `${path}:${line} ${message}`;
}

if (import.meta.main) {
  const repository = thisRepository();
  const findings = rules.flatMap((rule) => [...rule(repository)]);
  for (const finding of findings) console.log(formatFinding(finding));
  console.log(`${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
