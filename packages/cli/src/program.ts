import { SOFTWARE } from "@galen/node/software";
import { Command } from "commander";
import { addAnchor } from "./commands/anchor.ts";
import { addBackup, addRestore } from "./commands/backup.ts";
import { addConfig } from "./commands/config.ts";
import { addCustody } from "./commands/custody.ts";
import { addDelegation } from "./commands/delegation.ts";
import { addEmergency } from "./commands/emergency.ts";
import { addExport } from "./commands/export.ts";
import { addGovernance } from "./commands/governance.ts";
import { addGrant, addRevoke } from "./commands/grant.ts";
import { addGrants } from "./commands/grants.ts";
import { addGuardians } from "./commands/guardians.ts";
import { addHandover } from "./commands/handover.ts";
import { addHealthCard } from "./commands/health-card.ts";
import { addImport } from "./commands/import.ts";
import { addKeys } from "./commands/keys.ts";
import { addLab } from "./commands/lab.ts";
import { addLog } from "./commands/log.ts";
import { addMessages } from "./commands/messages.ts";
import { addMine } from "./commands/mine.ts";
import { addNetwork } from "./commands/network.ts";
import { addNode } from "./commands/node.ts";
import { addRead } from "./commands/read.ts";
import { addRecords } from "./commands/records.ts";
import { addRecovery } from "./commands/recovery.ts";
import { addReplay } from "./commands/replay.ts";
import { addDelegate, addStake } from "./commands/stake.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addTown } from "./commands/town.ts";
import { addValidators } from "./commands/validators.ts";
import { addVerify } from "./commands/verify.ts";
import { EXIT_CODES } from "./terminal/failure.ts";

const INTRODUCTION = "A shared health ledger: records that none can change or read alone.";
const ENDING = `\n${EXIT_CODES}. GALEN_DEBUG=1 prints where an error came from.`;
/** Whoever runs the program tells what it throws. */
const outputError = () => undefined;

/** The `galen` command with all its verbs. What it does not understand it throws as CommanderError, without a word. */
export function createProgram(): Command {
  const program = new Command("galen").description(INTRODUCTION).version(SOFTWARE).addHelpText("after", ENDING);
  // Before the verbs are added: they inherit all three.
  program.exitOverride().showSuggestionAfterError().configureOutput({ outputError });
  // Else `--version` of `governance propose upgrade` would be the one of the program.
  program.enablePositionalOptions();
  const verbs = [
    addStart,
    addStatus,
    addTown,
    addImport,
    addRecords,
    addGrant,
    addRevoke,
    addGrants,
    addRead,
    addLog,
    addCustody,
    addExport,
    addVerify,
    addAnchor,
    addValidators,
    addStake,
    addDelegate,
    addMine,
    addGovernance,
    addEmergency,
    addGuardians,
    addRecovery,
    addDelegation,
    addHealthCard,
  ];
  const others = [addKeys, addNetwork, addNode, addMessages, addReplay, addBackup, addRestore, addHandover, addLab, addConfig];
  for (const add of [...verbs, ...others]) add(program);
  return program;
}
