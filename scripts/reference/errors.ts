import { errors as cliErrors } from "@galen/cli/errors";
import { errors as custodianErrors } from "@galen/custody/custodian/errors";
import { errors as engineErrors } from "@galen/engines/errors";
import { errors as queryErrors } from "@galen/ledger/app/query";
import type { RefusalKind } from "@galen/ledger/app/refusal";
import { errors as txErrors } from "@galen/ledger/tx/errors";
import { errors as blobErrors } from "@galen/node/blobs/blob-error";
import { errors as nodeErrors } from "@galen/node/errors";
import { errors as apiErrors } from "@galen/node/http/api-error";
import { clientErrors } from "@galen/sdk/client/galen-error";
import { proofErrors } from "@galen/sdk/proofs/proof-error";
import { releaseErrors } from "@galen/sdk/records/release-error";
import { code, page, table } from "./markdown.ts";
import { currentVersion } from "./rules.ts";

type Errors = Readonly<Record<string, { readonly kind: RefusalKind }>>;

const consensus: readonly Errors[] = [txErrors, ...currentVersion.modules.map(({ errors }) => errors)];
const others: readonly (readonly [title: string, tables: readonly Errors[]])[] = [
  ["The node", [nodeErrors, apiErrors, queryErrors, engineErrors, blobErrors, custodianErrors]],
  ["The client", [clientErrors, releaseErrors, proofErrors]],
  ["The command line", [cliErrors]],
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
    "## Files",
    "A FHIR file is refused with an id under `json/` or `fhir/`, the file, the JSON path, and line and column where there are some:\nthe table is [refusal.ts](../../packages/gateway/src/fhir/refusal.ts) of the gateway.",
  );
}

function kindsOf(errors: Errors): RefusalKind[] {
  return Object.values(errors).map(({ kind }) => kind);
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
