import { SOFTWARE } from "@galen/node/software";
import { Command } from "commander";
import { EXIT_CODES } from "./terminal/failure.ts";

const INTRODUCTION = "A shared health ledger: records that none can change or read alone.";
const ENDING = `\n${EXIT_CODES}. GALEN_DEBUG=1 prints where an error came from.`;
/** Whoever runs the program tells what it throws. */
const outputError = () => undefined;

/** Who adds each verb, in the order of the help. Loading is most of what a short verb takes, so each is loaded when it is asked for. */
const VERBS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import("./commands/start.ts")).addStart,
  status: async () => (await import("./commands/status.ts")).addStatus,
  town: async () => (await import("./commands/town.ts")).addTown,
  import: async () => (await import("./commands/import.ts")).addImport,
  records: async () => (await import("./commands/records.ts")).addRecords,
  grant: async () => (await import("./commands/grant.ts")).addGrant,
  revoke: async () => (await import("./commands/grant.ts")).addRevoke,
  grants: async () => (await import("./commands/grants.ts")).addGrants,
  read: async () => (await import("./commands/read.ts")).addRead,
  log: async () => (await import("./commands/log.ts")).addLog,
  custody: async () => (await import("./commands/custody.ts")).addCustody,
  export: async () => (await import("./commands/export.ts")).addExport,
  verify: async () => (await import("./commands/verify.ts")).addVerify,
  anchor: async () => (await import("./commands/anchor.ts")).addAnchor,
  validators: async () => (await import("./commands/validators.ts")).addValidators,
  stake: async () => (await import("./commands/stake.ts")).addStake,
  delegate: async () => (await import("./commands/stake.ts")).addDelegate,
  mine: async () => (await import("./commands/mine.ts")).addMine,
  governance: async () => (await import("./commands/governance.ts")).addGovernance,
  emergency: async () => (await import("./commands/emergency.ts")).addEmergency,
  guardians: async () => (await import("./commands/guardians.ts")).addGuardians,
  recovery: async () => (await import("./commands/recovery.ts")).addRecovery,
  delegation: async () => (await import("./commands/delegation.ts")).addDelegation,
  "health-card": async () => (await import("./commands/health-card.ts")).addHealthCard,
  keys: async () => (await import("./commands/keys.ts")).addKeys,
  network: async () => (await import("./commands/network.ts")).addNetwork,
  node: async () => (await import("./commands/node.ts")).addNode,
  tx: async () => (await import("./commands/messages.ts")).addTx,
  query: async () => (await import("./commands/messages.ts")).addQuery,
  replay: async () => (await import("./commands/replay.ts")).addReplay,
  backup: async () => (await import("./commands/backup.ts")).addBackup,
  restore: async () => (await import("./commands/backup.ts")).addRestore,
  handover: async () => (await import("./commands/handover.ts")).addHandover,
  lab: async () => (await import("./commands/lab.ts")).addLab,
  config: async () => (await import("./commands/config.ts")).addConfig,
};

/**
 * The `galen` command with the verb that `words` begin with, or with all where they begin with none. What it does not understand it throws as
 * CommanderError, without a word.
 */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command("galen").description(INTRODUCTION).version(SOFTWARE).addHelpText("after", ENDING);
  // Before the verbs are added: they inherit all three.
  program.exitOverride().showSuggestionAfterError().configureOutput({ outputError });
  // Else `--version` of `governance propose upgrade` would be the one of the program.
  program.enablePositionalOptions();
  const [asked = ""] = words;
  const needed = Object.hasOwn(VERBS, asked) ? [VERBS[asked]!] : Object.values(VERBS);
  for (const load of needed) (await load())(program);
  return program;
}
