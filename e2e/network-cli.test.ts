import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runGalen, spawnGalen, whenReady } from "./galen-process.ts";
import { cometbftProgram, describeWithCometbft } from "./network/cometbft-program.ts";

interface Started {
  readonly nodes: readonly { readonly url: string; readonly processId: number }[];
  readonly isNew: boolean;
}

interface Status {
  readonly nodes: readonly { readonly height?: number; readonly power?: number; readonly custodian?: number }[];
  readonly answeringPower: number;
  readonly totalPower: number;
  readonly regime: unknown;
  readonly rules: unknown;
  readonly custody: unknown;
  readonly ceremonyUntil?: number;
  readonly agreement: { readonly height: number; readonly isSame: boolean; readonly headerHash: string };
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

const NAMES = [1, 2, 3, 4].map((number) => `Organisation ${number}`);
const environment = { GALEN_PASSPHRASE: "between us", GALEN_COMETBFT_BINARY: cometbftProgram ?? "" };

describeWithCometbft("a network of four organisations on one machine", () => {
  let folder: string;
  let place: string;
  const galen = (...args: string[]) => runGalen([...args, "--json"], environment);
  const status = async () => JSON.parse((await galen("network", "status", place)).stdout) as Status;

  async function start() {
    const spawned = spawnGalen(["network", "start", place, "--json"], environment);
    return { ...spawned, started: (await whenReady(spawned)) as Started };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gn-"));
    place = join(folder, "network");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is made, founded, survives a killed node, says so, and resumes", { timeout: 180_000 }, async () => {
    const created = await galen("network", "create", "--dir", place);
    expect(created.code, created.stdout).toBe(0);
    expect((await galen("network", "create", "--dir", place)).stdout).toContain("cli/FolderTaken");

    const first = await start();
    expect(first.started).toMatchObject({ isNew: true });
    const whole = await status();
    expect(whole).toMatchObject({
      totalPower: 4,
      answeringPower: 4,
      regime: { settings: { policy: { kind: "equal" } } },
      rules: { version: 5 },
      custody: { threshold: 3, custodians: 4, organisations: expect.arrayContaining(NAMES) },
      agreement: { isSame: true },
    });
    expect(whole.ceremonyUntil).toBeUndefined();
    const { height, headerHash } = whole.agreement;
    const signed = await (await fetch(`${first.started.nodes[1]!.url}/rpc/commit?height=${height}`)).json();
    expect(signed).toMatchObject({ result: { signed_header: { commit: { block_id: { hash: headerHash } } } } });
    expect(whole.nodes.map(({ custodian }) => custodian).toSorted((a, b) => a! - b!)).toEqual([1, 2, 3, 4]);

    const wallet = ["--wallet", join(place, "wallet"), "--url", first.started.nodes[0]!.url];
    const reshare = await galen("governance", "propose", "custodians", "--as", NAMES[0]!, ...wallet);
    expect(reshare.code, reshare.stdout).toBe(0);
    const { proposalId } = JSON.parse(reshare.stdout) as { proposalId: string };
    const { acts } = JSON.parse((await galen("governance", "show", proposalId, ...wallet)).stdout) as { acts: { lines: string[] }[] };
    const named = acts[0]!.lines[0]!.replace("Custodians: those of ", "").replaceAll(/[“”]/g, "").split(", ");
    expect(named.toSorted()).toEqual(NAMES);
    const vote = await galen("governance", "vote", proposalId, "--yes", "--as", ...NAMES.slice(1, 3), ...wallet);
    expect(vote.code, vote.stdout).toBe(0);
    expect(JSON.parse(vote.stdout)).toMatchObject({ state: "executed" });

    const planned = { height: 1_000_000, version: 6 };
    const terms = ["--height", String(planned.height), "--version", String(planned.version)];
    const upgrade = await galen("governance", "propose", "upgrade", ...terms, "--as", ...NAMES.slice(0, 3), ...wallet);
    expect(upgrade.code, upgrade.stdout).toBe(0);
    expect(await status()).toMatchObject({ rules: { version: 5, planned } });
    const told = await runGalen(["network", "status", place], environment);
    expect(told.stdout).toContain(`NOT KNOWN to ${NAMES.join(", ")}`);

    process.kill(first.started.nodes[3]!.processId, "SIGKILL");
    const keys = await galen("keys", "create", "Ada Example", ...wallet);
    expect(keys.code, keys.stdout).toBe(0);
    expect(await status()).toMatchObject({ totalPower: 4, answeringPower: 3, agreement: { isSame: true } });
    expect((await galen("network", "stop", place)).code).toBe(0);
    const { code, stderr } = await first.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("cli/NodeEnded");
    expect(stderr).toContain("Organisation 4");
    expect(stderr).toContain("npx galen start --config");
    expect(stderr).not.toContain('"url"'); // nor anything else of how it began

    // A node that was left over somewhere may have had a peer at this port, and ask there: a connection that nobody reads would never end.
    const other = createServer((socket) => socket.destroy()).listen({
      host: "127.0.0.1",
      port: Number(new URL(first.started.nodes[2]!.url).port),
    });
    await once(other, "listening");
    expect((await galen("network", "start", place)).stdout).toContain("cli/PortTaken");
    other.close();
    await once(other, "close");

    const again = await start();
    expect(again.started).toMatchObject({ isNew: false });
    expect(await status()).toMatchObject({ answeringPower: 4, agreement: { isSame: true } });
    expect((await galen("network", "start", place)).stdout).toContain("is running already");
    again.process.kill("SIGKILL");
    await again.ended;
    for (const { processId } of again.started.nodes) await expect.poll(() => isAlive(processId), { timeout: 30_000 }).toBe(false);
    expect(JSON.parse((await galen("network", "stop", place)).stdout)).toMatchObject({ wasRunning: false });
  });

  it("is founded on machines apart, by cards that travel", { timeout: 60_000 }, async () => {
    const machines = [1, 2].map((number) => join(folder, `machine-${number}`));
    for (const [index, data] of machines.entries()) {
      const where = ["--http", `https://galen-${index}.example.org`, "--p2p", `galen-${index}.example.org:26656`];
      const made = await galen("node", "init", "--organisation", `House ${index}`, "--data", data, ...where);
      expect(made.code, made.stdout).toBe(0);
    }
    const cards = machines.map((data) => join(data, "node-card.json"));
    const foundings = [join(folder, "one.json"), join(folder, "other.json")];
    const { stdout } = await runGalen(["network", "found", ...cards, "--name", "houses", "--out", foundings[0]!], environment);
    expect(stdout).toContain(`npx galen node adopt ${foundings[0]!} --data FOLDER`);
    await galen("network", "found", ...cards.toReversed(), "--name", "houses", "--out", foundings[1]!);
    expect(await readFile(foundings[0]!, "utf8")).toBe(await readFile(foundings[1]!, "utf8"));
    for (const data of machines) {
      const adopted = await galen("node", "adopt", foundings[0]!, "--data", data);
      expect(adopted.code, adopted.stdout).toBe(0);
    }
    const genesis = await Promise.all(machines.map((data) => readFile(join(data, "genesis.json"), "utf8")));
    expect(genesis[0]).toBe(genesis[1]);
    const config = JSON.parse(await readFile(join(machines[0]!, "galen.config.json"), "utf8")) as Record<string, unknown>;
    expect(config).toMatchObject({ engine: "cometbft", p2pHost: "0.0.0.0", peers: ["https://galen-1.example.org"] });
    // By this name the proxy's clients ask, which the node knows from nowhere else.
    expect(config.publicUrl).toBe("https://galen-0.example.org");

    const wallet = ["--wallet", join(folder, "newcomer")];
    await galen("keys", "create", "New House", "--kind", "organisation", "--local", ...wallet);
    for (let time = 0; time < 2; time++) {
      const noted = await galen("keys", "founders", foundings[0]!, ...wallet);
      expect(noted.code, noted.stdout).toBe(0);
    }
    const known = JSON.parse((await galen("keys", "list", ...wallet)).stdout) as { name: string }[];
    expect(known.map(({ name }) => name)).toEqual(["House 0", "House 1", "New House"]);
    await galen("network", "found", cards[0]!, "--name", "houses", "--out", foundings[1]!);
    expect((await galen("keys", "founders", foundings[1]!, ...wallet)).stdout).toContain("cli/OtherNetwork");
  });
});
