import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readlinkSync } from "node:fs";
import { cp, type FileHandle, mkdir, mkdtemp, open as openFile, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readConfig } from "../config.ts";
import { openDataFolder } from "../data-folder.ts";
import { startNode } from "../node.ts";
import { replayData } from "../replay-data.ts";
import { openLevelStore } from "../store/level-store.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { type Backup, backUpNode, restoreNode } from "./backup.ts";

// Key files of the SDK stretch their passphrase, which takes a second each time.
const KEY = randomBytes(32);
const NONCE = Buffer.alloc(12);
async function seal(text: string): Promise<string> {
  const cipher = createCipheriv("aes-256-gcm", KEY, NONCE);
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
}
async function open(sealed: string, key = KEY): Promise<string> {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, NONCE).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}

let network: TestNetwork;
const UNFINISHED = ["keys/node.json.0123456789ab.part", "blobs/unfinished/00.0123456789ab.part"];
let folder: string;
let backup: string;
let written: Backup;
const place = (name: string) => join(folder, name);

beforeAll(async () => {
  network = await startTestNetwork();
  folder = await mkdtemp(join(tmpdir(), "galen-backup-"));
  backup = place("backup");
  await network.makeKey();
  for (const name of ["ann", "bea"]) await network.person(name);
  await network.node.stop();
  for (const name of UNFINISHED) await writeFile(join(network.folder, name), "left by a killed process");
  written = await backUpNode(network.folder, backup, { keys: "sealed", sealer: async () => seal });
});
afterAll(async () => {
  await network.close();
  await rm(folder, { recursive: true });
});

/** A copy of the backup in which something was changed. */
async function changedBackup(name: string, change: (path: string) => Promise<void>): Promise<string> {
  await cp(backup, place(name), { recursive: true });
  await change(place(name));
  return place(name);
}

/** What is brought to the disk meanwhile, by its path; what gets its name later, by that one. `looking` is called each time before. */
async function syncedBy(work: () => Promise<unknown>, looking = () => {}): Promise<ReadonlySet<string>> {
  const handle = await openFile(folder, "r");
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const synced = new Set<string>();
  const sync = prototype.sync;
  const spy = vi.spyOn(prototype, "sync").mockImplementation(function (this: FileHandle) {
    looking();
    synced.add(readlinkSync(`/proc/self/fd/${this.fd}`).replace(/\.[0-9a-f]{12}\.part$/, ""));
    return sync.call(this);
  });
  await work();
  spy.mockRestore();
  return synced;
}

/** Files and folders below a folder whose bytes or names would be lost with the power; LevelDB sees to its own. */
async function lostWithPower(root: string, synced: ReadonlySet<string>): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !relative(root, path).startsWith("ledger"));
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => !synced.has(dirname(path)) || (files.includes(path) && !synced.has(path)));
}

describe("a backup", () => {
  it.skipIf(process.platform !== "linux")("is on the disk when it is done, and so is what is restored from it", async () => {
    const [target, restored] = [join(place("new"), "durable"), place("restored durably")];
    const written = await syncedBy(() => backUpNode(network.folder, target, { keys: "open" }));
    expect(await lostWithPower(folder, new Set([...written, folder]))).not.toContain(target);
    expect(await lostWithPower(target, written)).toEqual([]);
    const filled = await syncedBy(() => restoreNode(target, restored));
    expect(await lostWithPower(restored, filled)).toEqual([]);
  });

  it("that fails leaves nothing, so that the next one may take the folder", async () => {
    const target = place("second try");
    const failing = backUpNode(network.folder, target, { keys: "sealed", sealer: () => Promise.reject(new Error("no passphrase")) });
    await expect(failing).rejects.toThrow("no passphrase");
    expect(await readdir(target)).toEqual([]);
    await backUpNode(network.folder, target, { keys: "none" });
  });

  it("is made of no node whose first blocks are missing: none could be restored, nor can that one be replayed", async () => {
    const lacking = place("lacking");
    await cp(network.folder, lacking, { recursive: true });
    const kv = await openLevelStore(join(lacking, "ledger"));
    for await (const [key] of kv.range({ gte: Buffer.from("bh"), lt: Buffer.from("bi"), limit: 1 }))
      await kv.write([{ key, value: undefined }]);
    await kv.close();
    const refused = { kind: { id: "node/BlocksMissing" }, details: { height: 1 } };
    await expect(backUpNode(lacking, place("of lacking"), { keys: "none" })).rejects.toMatchObject(refused);
    await expect(replayData(lacking).next()).rejects.toMatchObject(refused);
  });

  it("is no node: starting in it, replaying it or backing it up is refused and puts nothing into it", async () => {
    const before = await readdir(backup, { recursive: true });
    const config = await readConfig({ environment: {}, overrides: { dataFolder: backup, httpPort: 0, logLevel: "silent" } });
    await expect(startNode(config)).rejects.toMatchObject({ kind: { id: "node/IsBackup" } });
    await expect(backUpNode(backup, place("of a backup"), { keys: "none" })).rejects.toMatchObject({ kind: { id: "node/IsBackup" } });
    await expect(replayData(backup).next()).rejects.toMatchObject({ kind: { id: "node/IsBackup" } });
    expect(await readdir(backup, { recursive: true })).toEqual(before);
  });

  it("brings back a node that goes on, with its keys and its custodian's share", async () => {
    const restored = place("restored");
    expect(await restoreNode(backup, restored, { open })).toEqual(written);
    const config = await readConfig({ environment: {}, overrides: { dataFolder: restored, httpPort: 0, logLevel: "silent" } });
    const files = await readdir(restored, { recursive: true });
    expect(files.filter((path) => UNFINISHED.includes(path))).toEqual([]);
    const node = await startNode(config);
    expect(node.engine.status().height).toBeGreaterThanOrEqual(written.height);
    expect(node.custodian?.holding).toEqual({ index: 1, epoch: 1 });
    await node.stop();
  });

  it("that is not restored to its end makes no node, wherever it was broken off", async () => {
    const restored = place("restored half");
    const answers: Promise<unknown>[] = [];
    const looking = () =>
      void (existsSync(join(restored, "ledger")) && answers.push(openDataFolder(restored).catch((error: unknown) => error)));
    await syncedBy(() => restoreNode(backup, restored, { open }), looking);
    const looks = await Promise.all(answers);
    expect(looks.length).toBeGreaterThan(written.files);
    // Only the last thing of all brings to the disk that the folder is whole.
    expect(looks.pop()).toMatchObject({ genesis: join(restored, "genesis.json") });
    for (const look of looks) expect(look).toMatchObject({ kind: { id: "node/RestoreUnfinished" } });
  });

  it("brings back the proof by which wallets follow from the chain before", async () => {
    const proof = join(network.folder, "handover.json");
    await writeFile(proof, "{}");
    await backUpNode(network.folder, place("successor"), { keys: "none" });
    await restoreNode(place("successor"), place("from-successor"));
    expect(await readFile(join(place("from-successor"), "handover.json"), "utf8")).toBe("{}");
    await rm(proof);
  });

  it("brings back whatever else lies in the folder, by any name that a disk takes", async () => {
    const strays = ["keys/.DS_Store", "keys/validator.json~", "blobs/.nfs0001", "keys/Schlüssel (2).json", "blobs/...", "keys/-.."];
    await cp(network.folder, place("strays"), { recursive: true });
    for (const path of strays) await writeFile(join(place("strays"), path), path);
    await backUpNode(place("strays"), place("with strays"), { keys: "open" });
    await restoreNode(place("with strays"), place("from with strays"));
    for (const path of strays) expect(await readFile(join(place("from with strays"), path), "utf8")).toBe(path);
  });

  it("keeps a node from starting until everything is copied", async () => {
    const config = await readConfig({ environment: {}, overrides: { dataFolder: network.folder, httpPort: 0, logLevel: "silent" } });
    const sealLate = async (text: string) => {
      const node = await startNode(config).catch((error: Error) => error);
      if (!(node instanceof Error)) await node.stop();
      return node instanceof Error ? node.message : text;
    };
    await backUpNode(network.folder, place("held"), { keys: "sealed", sealer: async () => sealLate });
    expect(await readFile(join(place("held"), "keys.sealed.json"), "utf8")).toContain("belongs to a node that is running");
  });

  it("holds no vote, and no key that can be read", async () => {
    const entries = await readdir(backup, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name).filter((name) => /last-signed|priv_validator_state/.test(name))).toEqual([]);
    expect(await readdir(join(network.folder, "keys"))).toContain("last-signed-0.json");
    const { secret } = JSON.parse(await readFile(join(network.folder, "keys", "validator.json"), "utf8")) as { secret: string };
    for (const { parentPath, name } of files) expect(await readFile(join(parentPath, name), "latin1")).not.toContain(secret);
  });

  it("may leave the keys out, or hold them open", async () => {
    await backUpNode(network.folder, place("no-keys"), { keys: "none" });
    expect((await restoreNode(place("no-keys"), place("from-no-keys"))).keys).toBe("none");
    expect(await readdir(join(place("from-no-keys"), "keys"))).toEqual([]);
    await backUpNode(network.folder, place("open-keys"), { keys: "open" });
    await restoreNode(place("open-keys"), place("from-open-keys"));
    expect(await readdir(join(place("from-open-keys"), "keys"))).toContain("validator.json");
  });

  it("holds the wallet, whose entries are keys, unless keys are left out", async () => {
    await cp(network.folder, place("walled"), { recursive: true });
    await mkdir(join(place("walled"), "wallet"));
    await writeFile(join(place("walled"), "wallet", "entry.json"), "sealed words");
    await backUpNode(place("walled"), place("walled-none"), { keys: "none" });
    expect((await readdir(place("walled-none"), { recursive: true })).filter((path) => path.includes("entry.json"))).toEqual([]);
    await backUpNode(place("walled"), place("walled-open"), { keys: "open" });
    await restoreNode(place("walled-open"), place("from-walled-open"));
    expect(await readFile(join(place("from-walled-open"), "wallet", "entry.json"), "utf8")).toBe("sealed words");
  });
});

describe("refused is", () => {
  it("a target that holds something, and a folder without a network", async () => {
    await expect(backUpNode(network.folder, backup, { keys: "none" })).rejects.toThrow("is not empty");
    await expect(restoreNode(backup, network.folder, { open })).rejects.toThrow("is not empty");
    await expect(backUpNode(place("nothing"), place("of-nothing"), { keys: "none" })).rejects.toThrow("holds no network");
  });

  it("whatever is wrong before a passphrase is asked for, and a passphrase before anything is copied", async () => {
    const asked = vi.fn(async () => seal);
    const opened = vi.fn((text: string) => open(text));
    const sealed = { keys: "sealed", sealer: asked } as const;
    await expect(backUpNode(network.folder, backup, sealed)).rejects.toMatchObject({ kind: { id: "node/FolderNotEmpty" } });
    await expect(restoreNode(backup, network.folder, { open: opened })).rejects.toMatchObject({ kind: { id: "node/FolderNotEmpty" } });
    await expect(backUpNode(place("nothing"), place("of-nothing"), sealed)).rejects.toMatchObject({ kind: { id: "node/NoNetwork" } });
    const running = await openLevelStore(join(network.folder, "ledger"));
    await expect(backUpNode(network.folder, place("of-running"), sealed)).rejects.toThrow("belongs to a node that is running");
    await running.close();
    expect(asked).not.toHaveBeenCalled();
    expect(opened).not.toHaveBeenCalled();
    let copied: readonly string[] | undefined;
    const looking = async () => {
      copied = await readdir(place("asked-first"));
      return seal;
    };
    await backUpNode(network.folder, place("asked-first"), { keys: "sealed", sealer: looking });
    expect(copied).toEqual([]);
  });

  it.each(["blobs", "blobs/files"])("a folder whose %s is a link: what it leads to would be missing", async (part) => {
    const [original, elsewhere] = [join(network.folder, part), place("elsewhere")];
    await rename(original, elsewhere);
    await symlink(elsewhere, original);
    const backingUp = backUpNode(network.folder, place("of-links"), { keys: "none" });
    await expect(backingUp).rejects.toMatchObject({ kind: { id: "node/LinkInFolder" }, details: { path: original } });
    await rm(original);
    await rename(elsewhere, original);
  });

  it("another passphrase, or none", async () => {
    const wrong = (text: string) => open(text, randomBytes(32));
    await expect(restoreNode(backup, place("wrong"), { open: wrong })).rejects.toThrow("unable to authenticate");
    await expect(restoreNode(backup, place("none"))).rejects.toThrow("give the passphrase");
  });

  const spoil = async (path: string) => {
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
  };
  /** The first file that is not empty. */
  async function someFile(path: string): Promise<string> {
    const files = JSON.parse(await readFile(join(path, "files.json"), "utf8")) as { path: string; sizeBytes: number }[];
    return join(path, "files", files.find(({ sizeBytes }) => sizeBytes > 0)!.path);
  }

  it.each<[string, (path: string) => Promise<void>, string]>([
    ["a changed file", async (path) => spoil(await someFile(path)), "was changed"],
    ["a changed chunk", (path) => spoil(join(path, "chunk-00000")), "cannot be used"],
    ["a missing chunk", (path) => rm(join(path, "chunk-00000")), "chunk-00000 is missing"],
    ["a missing file", async (path) => rm(await someFile(path)), "is missing"],
    ["a list that is none", (path) => writeFile(join(path, "manifest.json"), "{"), "JSON"],
    ["files that cannot be read", (path) => writeFile(join(path, "files.json"), "{"), "files.json is no list of files"],
    ["files that are none", (path) => writeFile(join(path, "files.json"), "[{}]"), "files.json is no list of files"],
    ["keys that are none", async (path) => writeFile(join(path, "keys.sealed.json"), await seal("[]")), "something else"],
    [
      "keys that climb out",
      async (path) => writeFile(join(path, "keys.sealed.json"), await seal(JSON.stringify({ "keys/../../outside": "" }))),
      "outside a data folder",
    ],
  ])("%s", async (name, change, reason) => {
    const source = await changedBackup(`with ${name}`, change);
    const restoring = restoreNode(source, place(`from ${name}`), { open });
    await expect(restoring).rejects.toMatchObject({
      kind: { id: "node/BackupDamaged" },
      details: { reason: expect.stringContaining(reason) },
    });
    expect(await readdir(place(`from ${name}`)).catch(() => []), "nothing half restored").toEqual([]);
  });

  it.each(["../outside", "blobs/../../outside", "blobs/..", "/outside", "blobs//outside", "./outside", "", "blobs/\0"])(
    "a file that climbs out: %j",
    async (path) => {
      const source = await changedBackup("with a climber", (source) =>
        writeFile(join(source, "files.json"), JSON.stringify([{ path, sizeBytes: 0, sha256: "" }])),
      );
      await expect(restoreNode(source, place("from a climber"), { open })).rejects.toMatchObject({
        kind: { id: "node/BackupDamaged" },
        details: { reason: expect.stringContaining("outside a data folder") },
      });
      expect(await readdir(place("from a climber")), "nothing half restored").toEqual([]);
    },
  );

  it("a missing chunk, also where the backup is named from where one is", async () => {
    const source = await changedBackup("named ./relative", (path) => rm(join(path, "chunk-00000")));
    const restoring = restoreNode(`./${relative(process.cwd(), source)}`, place("from relative"), { open });
    await expect(restoring).rejects.toMatchObject({ details: { reason: "chunk-00000 is missing" } });
  });

  it("a backup that was cut short", async () => {
    const source = await changedBackup("cut short", (path) => rm(join(path, "files.json")));
    await expect(restoreNode(source, place("from cut short"), { open })).rejects.toMatchObject({ kind: { id: "node/NoBackup" } });
  });
});

describe("the last vote", () => {
  it("of a node that votes with others must be given", async () => {
    const source = await changedBackup("in a network", async (path) => {
      await cp(join(path, "files", "blobs"), join(path, "files", "cometbft"), { recursive: true });
    });
    await expect(restoreNode(source, place("votes-1"), { open })).rejects.toMatchObject({ kind: { id: "node/VotesUnknown" } });
    await restoreNode(source, place("votes-2"), { open, vote: { kind: "from", height: 12 } });
    const state = JSON.parse(await readFile(join(place("votes-2"), "cometbft", "data", "priv_validator_state.json"), "utf8"));
    expect(state).toMatchObject({ height: "11", step: 3 });
  });

  it("is believed of no file that holds none: with it the key would vote a second time", async () => {
    const source = await changedBackup("of another network", (path) =>
      cp(join(path, "files", "blobs"), join(path, "files", "cometbft"), { recursive: true }),
    );
    const cut = place("cut.json");
    await writeFile(cut, (await readFile(join(network.folder, "keys", "last-signed-0.json"))).subarray(0, -2));
    for (const from of [source, backup]) {
      for (const path of [join(network.folder, "keys", "validator.json"), cut]) {
        const restoring = restoreNode(from, place("without a vote"), { open, vote: { kind: "file", path } });
        await expect(restoring).rejects.toMatchObject({ kind: { id: "node/NoVote" }, details: { path } });
      }
    }
    const whole = place("whole.json");
    await writeFile(whole, JSON.stringify({ height: "7", round: 0, step: 3 }));
    await restoreNode(source, place("with a vote"), { open, vote: { kind: "file", path: whole } });
  });

  it("of a chain of one may be a file, and no height", async () => {
    const path = join(network.folder, "keys", "last-signed-0.json");
    await restoreNode(backup, place("vote-file"), { open, vote: { kind: "file", path } });
    expect(await readFile(join(place("vote-file"), "keys", "last-signed-0.json"))).toEqual(await readFile(path));
    const restoring = restoreNode(backup, place("vote-height"), { open, vote: { kind: "from", height: 9 } });
    await expect(restoring).rejects.toMatchObject({ kind: { id: "node/VoteNotNeeded" } });
  });
});
