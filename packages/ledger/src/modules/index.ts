import type { WriteContext } from "../app/context.ts";
import type { Module } from "../app/define-module.ts";
import type { Genesis } from "../app/genesis.ts";
import type { LedgerVersion } from "../app/version.ts";
import { codecOf } from "../schema/codec.ts";
import { accountsModule, authenticate } from "./accounts/index.ts";
import { approvalsModule } from "./approvals/index.ts";
import { credentialsModule } from "./credentials/index.ts";
import { custodyModule, firstCustodyModule, recordUsedKeys } from "./custody/index.ts";
import { emergencyModule } from "./emergency/index.ts";
import { governanceModule } from "./governance/index.ts";
import { beginSuccessor, handoverModule, requireOpenChain } from "./handover/index.ts";
import { recordsModule } from "./records/index.ts";
import { tokensModule } from "./tokens/index.ts";
import { adopt, Founding, refound, validatorsModule } from "./validators/index.ts";
import { vaultModule } from "./vault/index.ts";

/** The modules of a version, in their order. */
const modulesOf = (version: number): readonly Module[] => [
  accountsModule,
  governanceModule,
  credentialsModule,
  version < 3 ? firstCustodyModule : custodyModule,
  vaultModule,
  recordsModule,
  ...(version < 2 ? [] : [approvalsModule, emergencyModule, tokensModule, validatorsModule, handoverModule]),
];

const authenticateOnOpenChain: LedgerVersion["authenticate"] = (context, body, signatures) => {
  requireOpenChain(context);
  authenticate(context, body, signatures);
};

function succeed(context: WriteContext, genesis: Genesis): void {
  beginSuccessor(context, genesis);
  const { validators, ...strangers } = genesis.modules;
  if (Object.keys(strangers).length > 0)
    throw new Error("a network that goes on from another has no founding members; leave their part out");
  if (validators !== undefined) codecOf(Founding).encode(validators as Founding); // refuses what does not fit
  refound(context, validators as Founding | undefined);
}

/** The rules of the ledger by version. A module may call those before it; an old version stays until no chain replays it. */
export const ledgerVersions: readonly LedgerVersion[] = [
  { number: 1, modules: modulesOf(1), authenticate },
  {
    number: 2,
    modules: modulesOf(2),
    authenticate: authenticateOnOpenChain,
    migrate: adopt,
    succeed,
  },
  {
    number: 3,
    modules: modulesOf(3),
    authenticate: authenticateOnOpenChain,
    migrate: recordUsedKeys,
    succeed,
  },
];
