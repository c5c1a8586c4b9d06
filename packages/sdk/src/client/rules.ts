import { compileVersion } from "@galen/ledger/app/version";
import { ledgerVersions } from "@galen/ledger/modules/index";

/** The newest rules of the ledger that this package knows: kinds of messages and queries with their schemas. */
export const rules = compileVersion(ledgerVersions.at(-1)!);
