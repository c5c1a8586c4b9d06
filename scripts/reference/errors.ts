import { errors as cliErrors } from "@galen/cli/errors";
import { codedId, systemFaults } from "@galen/cli/terminal/failure";
import { errors as custodianErrors } from "@galen/custody/custodian/errors";
import { chainFaults } from "@galen/engines/chain/chain-error";
import { errors as engineErrors } from "@galen/engines/errors";
import { fhirKinds } from "@galen/gateway/fhir/refusal";
import { healthCardFaults } from "@galen/gateway/health-card/health-card-error";
import { errors as queryErrors } from "@galen/ledger/app/query";
import type { RefusalKind } from "@galen/ledger/app/refusal";
import { storeFaults } from "@galen/ledger/store/store-error";
import { errors as txErrors } from "@galen/ledger/tx/errors";
import { errors as blobErrors } from "@galen/node/blobs/blob-error";
import { errors as nodeErrors } from "@galen/node/errors";
import { errors as apiErrors } from "@galen/node/http/api-error";
import { clientErrors } from "@galen/sdk/client/galen-error";
import { keyFaults } from "@galen/sdk/keys/key-error";
import { proofErrors } from "@galen/sdk/proofs/proof-error";
import { releaseErrors } from "@galen/sdk/records/release-error";
import { sealFaults } from "@galen/sdk/seal/seal-error";
import { code, page, table } from "./markdown.ts";
import { currentVersion } from "./rules.ts";

type Faults = Readonly<Record<string, string>>;
type Errors = Readonly<Record<string, { readonly kind: RefusalKind }>>;

const consensus: readonly Errors[] = [txErrors, ...currentVersion.modules.map(({ errors }) => errors)];
const others: readonly (readonly [title: string, tables: readonly Errors[]])[] = [
  ["The node", [nodeErrors, apiErrors, queryErrors, engineErrors, blobErrors, custodianErrors]],
  ["The client", [clientErrors, releaseErrors, proofErrors]],
  ["The command line", [cliErrors]],
];

/** Errors that carry a code, by their name: what the codes mean. */
const coded: readonly (readonly [name: string, faults: Faults])[] = [
  ["StoreError", storeFaults],
  ["ChainError", chainFaults],
  ["KeyError", keyFaults],
  ["SealError", sealFaults],
  ["HealthCardError", healthCardFaults],
];

const INTRODUCTION = `Everything that Galen says no to. An answer of the API is \`application/problem+json\` (RFC 9457): \`title\` is the id, \`detail\` the sentence,
\`details\` facts. The command line prints the sentence, with \`--json\` all of it. Ids and codes are stable and never used again.`;

/** `docs/reference/errors.md`. Throws Error when two tables use one id. */
export function errorsPage(): string {
  requireDistinctIds([...consensus, ...others.flatMap(([, tables]) => tables)]);
  return page(
    "# Refusals",
    INTRODUCTION,
    "## The ledger",
    "Part of consensus: the code stands in the transaction's result, and the next header commits to it. In the order in which they are checked.",
    ...consensus.map(
      (errors) =>
        `### ${titleOf(errors)}\n\n${table(["id", "code", "status", "what is wrong and what to do"], kindsOf(errors).map(codedRow))}`,
    ),
    ...others.map(([title, tables]) => {
      const rows = tables.flatMap(kindsOf).map(({ id, status, sentence }) => [code(id), String(status), sentence]);
      return `## ${title}\n\n${table(["id", "status", "what is wrong and what to do"], rows)}`;
    }),
    "## Damaged or foreign things",
    "What the command line and logs tell of a store, a chain, keys, sealed documents and health cards. The message says what was found there; here is what each id means.",
    table(
      ["id", "what is wrong and what to do"],
      coded.flatMap(([name, faults]) => faultRows(faults, (fault) => codedId(name, fault))),
    ),
    "## Files",
    "A FHIR file is refused with the file, the JSON path, and line and column where there are some.",
    table(
      ["id", "status", "what is wrong and what to do"],
      Object.entries(fhirKinds).map(([id, [status, sentence]]) => [code(id), String(status), sentence]),
    ),
    "## The operating system",
    "`path` or `reason` names the place. Any other code of the system stands behind `system/` likewise, with the system's own words.",
    table(
      ["id", "what is wrong and what to do"],
      faultRows(systemFaults, (fault) => `system/${fault}`),
    ),
  );
}

function kindsOf(errors: Errors): RefusalKind[] {
  return Object.values(errors).map(({ kind }) => kind);
}

function faultRows(faults: Faults, idOf: (fault: string) => string): string[][] {
  return Object.entries(faults).map(([fault, sentence]) => [code(idOf(fault)), sentence]);
}

function titleOf(errors: Errors): string {
  return kindsOf(errors)[0]?.module ?? "";
}

function codedRow({ id, code: number, status, sentence }: RefusalKind): string[] {
  return [code(id), String(number), String(status), sentence];
}

function requireDistinctIds(tables: readonly Errors[]): void {
  const ids = tables.flatMap(kindsOf).map(({ id }) => id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new Error(`two refusals are called ${repeated}`);
}
