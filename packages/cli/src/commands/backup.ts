import type { Backup, KeySealer, RestoredVote } from "@galen/node/backup/backup";
import { nativeScrypt } from "@galen/node/crypto/native-scrypt";
import { openKeyFile, sealKeyFile } from "@galen/sdk/keys/key-file";
import type { Command } from "commander";
import { parseCount, parseKeys } from "../choices.ts";
import { errors } from "../errors.ts";
import { type Answer, count } from "../terminal/answer.ts";
import { addVerb } from "../verb.ts";
import { choosePassphrase, openBackedUp } from "../wallet/passphrase.ts";

interface BackupFlags {
  readonly data: string;
  readonly keys: string;
}

interface RestoreFlags {
  readonly data: string;
  readonly lastVote?: string;
  readonly signFrom?: string;
}

/** `galen backup` and `galen restore`. */
export function addBackup(program: Command): void {
  addVerb<BackupFlags>(program, {
    usage: "backup <folder>",
    summary: "Write everything of a stopped node into an empty folder: chain, blobs, custodian's log, settings, keys.",
    example: "galen backup backup-monday --data data",
    options: (command) =>
      command
        .option("--data <folder>", "the node's data folder", "data")
        .option("--keys <how>", "sealed under a passphrase (GALEN_PASSPHRASE, or typed), open, or none", "sealed"),
    async run({ data, keys }, folder = "") {
      const { backUpNode } = await import("@galen/node/backup/backup");
      return backupAnswer(`Backed up to ${folder}`, await backUpNode(data, folder, { keys: parseKeys(keys), sealer: keySealer }));
    },
  });
}

export function addRestore(program: Command): void {
  addVerb<RestoreFlags>(program, {
    usage: "restore <folder>",
    summary: "Fill an empty data folder from a backup; checks every file, the state's root and the signatures of every block.",
    example: "galen restore backup-monday --data restored",
    options: (command) =>
      command
        .option("--data <folder>", "the new data folder", "data")
        .option("--last-vote <file>", "newest file of the validator's last vote that there is")
        .option("--sign-from <height>", "sign nothing below this height: two above what the other nodes show"),
    async run({ data, ...flags }, folder = "") {
      const { restoreNode } = await import("@galen/node/backup/backup");
      const vote = voteOf(flags);
      return backupAnswer(`Restored into ${data}`, await restoreNode(folder, data, { open: keyOpener(folder), ...(vote && { vote }) }));
    },
  });
}

async function keySealer(): Promise<KeySealer> {
  const passphrase = await choosePassphrase("Passphrase for the keys in the backup: ");
  return (text) => sealKeyFile(Buffer.from(text), passphrase, nativeScrypt);
}

function keyOpener(folder: string): KeySealer {
  return async (text) => {
    const keys = await openBackedUp(folder, (passphrase) => openKeyFile(text, passphrase, nativeScrypt));
    return Buffer.from(keys).toString("utf8");
  };
}

function voteOf({ lastVote, signFrom }: Omit<RestoreFlags, "data">): RestoredVote | undefined {
  if (lastVote !== undefined && signFrom !== undefined)
    throw errors.BadValue({ option: "--sign-from", reason: "either a file of the last vote, or a height" });
  if (lastVote !== undefined) return { kind: "file", path: lastVote };
  return signFrom === undefined ? undefined : { kind: "from", height: parseCount("--sign-from", signFrom) };
}

const keysText = {
  sealed: "keys sealed under the passphrase",
  open: "keys open: guard it like the keys themselves",
  none: "no keys",
} as const;

function backupAnswer(headline: string, backup: Backup): Answer {
  const { chainId, height, keyCount, root, chunks, files, keys } = backup;
  const facts = `${chainId} at height ${height}: ${count(keyCount, "record")} of state in ${count(chunks, "chunk")}, ${count(files, "file")}, ${keysText[keys]}`;
  return { json: backup, text: `${headline}.\n${facts}.\nState root ${root}` };
}
