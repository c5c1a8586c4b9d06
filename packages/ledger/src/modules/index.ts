import type { Module } from "../app/define-module.ts";
import type { LedgerVersion } from "../app/version.ts";
import { codecOf } from "../schema/codec.ts";
import { accountsModule, authenticate } from "./accounts/index.ts";
import { anchorsModule } from "./anchors/index.ts";
import { approvalsModule } from "./approvals/index.ts";
import { credentialsModule } from "./credentials/index.ts";
import { custodyModule, firstCustodyModule, recordUsedKeys } from "./custody/index.ts";
import { emergencyModule } from "./emergency/index.ts";
import { governanceModule } from "./governance/index.ts";
import { beginSuccessor, handoverModule, requireOpenChain, requireOpenFor } from "./handover/index.ts";
import { recordsModule } from "./records/index.ts";
import { tokensModule } from "./tokens/index.ts";
import { adopt, Founding, refound, refoundStrictly, validatorsModule } from "./validators/index.ts";
import { vaultModule } from "./vault/index.ts";

/** From version 3 on custodians belong to organisations that have nodes: who votes stands before who holds the key. */
const modules: readonly Module[] = [
  ...[accountsModule, governanceModule, credentialsModule],
  ...[tokensModule, validatorsModule],
  ...[custodyModule, vaultModule, recordsModule],
  ...[approvalsModule, emergencyModule, handoverModule, anchorsModule],
];
const firstModules: readonly Module[] = [
  ...[accountsModule, governanceModule, credentialsModule],
  ...[firstCustodyModule, vaultModule, recordsModule],
];
const secondModules: readonly Module[] = [
  ...firstModules,
  approvalsModule,
  emergencyModule,
  tokensModule,
  validatorsModule,
  handoverModule,
];

const authenticateOnOpenChain: LedgerVersion["authenticate"] = (context, body, signatures) => {
  requireOpenChain(context);
  authenticate(context, body, signatures);
};

const authenticateOrRename: LedgerVersion["authenticate"] = (context, body, signatures) => {
  requireOpenFor(context, body.messages);
  authenticate(context, body, signatures);
};

/** How a chain goes on from another; versions differ in what becomes of the nodes. */
function succeedWith(refoundNodes: typeof refound): NonNullable<LedgerVersion["succeed"]> {
  return (context, genesis) => {
    beginSuccessor(context, genesis);
    const { validators, ...strangers } = genesis.modules;
    if (Object.keys(strangers).length > 0)
      throw new Error("a network that goes on from another has no founding members; leave their part out");
    if (validators !== undefined) codecOf(Founding).encode(validators as Founding); // refuses what does not fit
    refoundNodes(context, validators as Founding | undefined);
  };
}

/** What versions from 4 on have in common: all but single rules. */
const fromFour: Omit<LedgerVersion, "number"> = {
  modules,
  authenticate: authenticateOrRename,
  betweenMessages: requireOpenChain,
  succeed: succeedWith(refound),
};

/**
 * The rules of the ledger by version. A module may call those before it; an old version stays until no chain replays it. Versions 4 and 5 have the modules of
 * version 3, in which single rules ask whether they execute (`isFromVersion`).
 */
export const ledgerVersions: readonly LedgerVersion[] = [
  { number: 1, modules: firstModules, authenticate },
  {
    number: 2,
    modules: secondModules,
    authenticate: authenticateOnOpenChain,
    migrate: adopt,
    succeed: succeedWith(refoundStrictly),
  },
  {
    number: 3,
    modules,
    authenticate: authenticateOnOpenChain,
    migrate: recordUsedKeys,
    succeed: succeedWith(refoundStrictly),
  },
  { number: 4, ...fromFour },
  { number: 5, ...fromFour },
];
