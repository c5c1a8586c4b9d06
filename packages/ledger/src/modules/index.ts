import type { LedgerVersion } from "../app/version.ts";
import { accountsModule, authenticate } from "./accounts/index.ts";
import { credentialsModule } from "./credentials/index.ts";
import { custodyModule } from "./custody/index.ts";
import { governanceModule } from "./governance/index.ts";
import { recordsModule } from "./records/index.ts";
import { vaultModule } from "./vault/index.ts";

/** The rules of the ledger by version. A module may call those before it; an old version stays until no chain replays it. */
export const ledgerVersions: readonly LedgerVersion[] = [
  { number: 1, modules: [accountsModule, governanceModule, credentialsModule, custodyModule, vaultModule, recordsModule], authenticate },
];
