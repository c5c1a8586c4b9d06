import type { LedgerVersion } from "../app/version.ts";
import { accountsModule, authenticate } from "./accounts/index.ts";
import { approvalsModule } from "./approvals/index.ts";
import { credentialsModule } from "./credentials/index.ts";
import { custodyModule } from "./custody/index.ts";
import { emergencyModule } from "./emergency/index.ts";
import { governanceModule } from "./governance/index.ts";
import { recordsModule } from "./records/index.ts";
import { tokensModule } from "./tokens/index.ts";
import { adopt, validatorsModule } from "./validators/index.ts";
import { vaultModule } from "./vault/index.ts";

const firstModules = [accountsModule, governanceModule, credentialsModule, custodyModule, vaultModule, recordsModule];

/** The rules of the ledger by version. A module may call those before it; an old version stays until no chain replays it. */
export const ledgerVersions: readonly LedgerVersion[] = [
  { number: 1, modules: firstModules, authenticate },
  {
    number: 2,
    modules: [...firstModules, approvalsModule, emergencyModule, tokensModule, validatorsModule],
    authenticate,
    migrate: adopt,
  },
];
