import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { generatePatientBundle } from "@galen/cli/town/synthetic-patients/generate-patient-bundle";
import { installCometbft } from "../../scripts/cometbft.ts";
import { runGalen, spawnGalen, whenReady } from "../galen-process.ts";
import { createTestAuthority, type TestAuthority } from "./certificates.ts";
import { documentedAdmission, documentedFirewall } from "./documented-firewall.ts";
import type { FaultCase } from "./fault-case.ts";
import { createPlaces, missingMeans, missingProgram, type Place } from "./places.ts";
import { caughtUp, greatestHeight } from "./watching.ts";

const FOUNDERS = 4;
const PATIENCE_MS = 120_000;
/** A packet that a firewall drops gets no answer at all. */
const SILENCE_SECONDS = 2;
const PROXY = join(import.meta.dirname, "tls-proxy.ts");

/** Machines as the guide for operators sets them up: apart, each behind the firewall that it prints, and TLS before the API. */
export const machineFaults: readonly FaultCase[] = [
  {
    name: "four machines behind the documented firewall, and a fifth that joins",
    missing: ({ places }) => (places.means === undefined ? missingMeans() : missingProgram("openssl")),
    async run({ nodes }) {
      const before = await greatestHeight(nodes);
      await withMachines(FOUNDERS + 2, foundAndJoin);
      return {
        blocksDuring: (await greatestHeight(nodes)) - before,
        recoveryMs: await caughtUp(nodes),
        seen: "one network behind closed firewalls; a record is read from outside over TLS; a fifth machine joins once its address is let in",
      };
    },
  },
];

/** A machine of an organisation, or of a client. */
interface Machine {
  readonly name: string;
  readonly place: Place;
  readonly data: string;
  readonly url: string;
  /** Runs a command of Galen there and gives its answer. Throws Error with its words when it fails. */
  galen(...args: string[]): Promise<Record<string, unknown>>;
  /** Runs a program of the system there; whether it succeeded. */
  does(program: string, ...args: string[]): Promise<boolean>;
  /** Starts the proxy and `galen start`. Resolves when it serves. */
  start(): Promise<void>;
}

async function withMachines(count: number, work: (machines: readonly Machine[]) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "gm-"));
  const places = createPlaces(count);
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const authority = await createTestAuthority(folder);
    const cometbft = await installCometbft();
    const made = places.list.map((place, index) =>
      createMachine({ place, authority, cometbft, name: `Organisation ${index + 1}`, data: join(folder, String(index + 1)), stops }),
    );
    await work(made);
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    places.close();
    await rm(folder, { recursive: true });
  }
}

interface MachineOptions extends Pick<Machine, "name" | "place" | "data"> {
  readonly authority: TestAuthority;
  /** Path of the program. */
  readonly cometbft: string;
  /** Gets what ends the machine's processes. */
  readonly stops: (() => Promise<unknown>)[];
}

function createMachine({ name, place, data, authority, cometbft, stops }: MachineOptions): Machine {
  const environment = {
    GALEN_PASSPHRASE: "between us",
    GALEN_COMETBFT_BINARY: cometbft,
    // Two are kept: a newcomer looks for five seconds, and then still has to fetch what it found.
    GALEN_SNAPSHOT_INTERVAL_BLOCKS: "20",
    GALEN_COMETBFT_EMPTY_BLOCK_INTERVAL_MS: "500",
    // As the guide says for an authority of one's own: once for Galen, once for CometBFT.
    NODE_EXTRA_CA_CERTS: authority.certificate,
    SSL_CERT_FILE: authority.certificate,
  };
  async function startProxy(): Promise<void> {
    const { certificate, key } = await authority.issue(place.address);
    const { program, args } = place.command(process.execPath, [PROXY, place.address, certificate, key]);
    const proxy = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(proxy, "exit");
    stops.push(() => {
      proxy.kill("SIGKILL");
      return ended;
    });
    await Promise.race([once(proxy.stdout, "data"), ended.then(() => Promise.reject(new Error(`the proxy of ${name} ended`)))]);
  }
  return {
    ...{ name, place, data, url: `https://${place.address}` },
    async galen(...args) {
      const { code, stdout, stderr } = await runGalen([...args, "--json"], environment, place);
      if (code !== 0) throw new Error(`${name}: galen ${args.join(" ")}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    async does(program, ...given) {
      const { program: started, args } = place.command(program, given);
      const [code] = (await once(spawn(started, args, { stdio: "ignore" }), "exit")) as [number | null];
      return code === 0;
    },
    async start() {
      await startProxy();
      const node = spawnGalen(["start", "--config", join(data, "galen.config.json"), "--data", data, "--json"], environment, place);
      stops.push(() => {
        node.process.kill("SIGTERM");
        return node.ended;
      });
      const isLate = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error(`${name} does not begin to serve`)));
      await Promise.race([whenReady(node), isLate]);
    },
  };
}

async function foundAndJoin(machines: readonly Machine[]): Promise<void> {
  const founders = machines.slice(0, FOUNDERS);
  const [newcomer, client] = machines.slice(FOUNDERS) as [Machine, Machine];
  await found(founders);
  await Promise.all(founders.map((machine) => shutOff(machine, founders)));
  await Promise.all(founders.map((machine) => machine.start()));
  await requireShut({ founders, outsiders: [newcomer, client] });
  await makeCommonKey(founders);
  await readFromOutside(founders, client);
  await joinLater(founders, newcomer);
}

/** Every organisation on its own machine; only cards travel. */
async function found(founders: readonly Machine[]): Promise<void> {
  for (const { galen, name, data, url, place } of founders)
    await galen("node", "init", "--organisation", name, "--data", data, "--http", url, "--p2p", `${place.address}:26656`);
  const cards = founders.map(({ data }) => join(data, "node-card.json"));
  for (const { galen, data } of founders) {
    await galen("network", "found", ...cards, "--name", "machines", "--out", join(data, "founding.json"));
    await galen("node", "adopt", join(data, "founding.json"), "--data", data);
  }
}

async function shutOff({ does, data, name }: Machine, nodes: readonly Machine[]): Promise<void> {
  const file = `${data}.nft`;
  await writeFile(file, await documentedFirewall(nodes.map(({ place }) => place.address)));
  if (!(await does("nft", "-f", file))) throw new Error(`${name} does not take the rules of the guide`);
}

/** Nodes reach each other's CometBFT, everybody reaches the proxy, and nobody anything else. */
async function requireShut({ founders, outsiders }: { founders: readonly Machine[]; outsiders: readonly Machine[] }): Promise<void> {
  const [asked, fellow] = founders as [Machine, Machine];
  const rows = [
    ...[fellow, ...outsiders].flatMap((from) => [
      { from, port: 443, isOpen: true },
      { from, port: 8_080, isOpen: false },
      { from, port: 26_656, isOpen: from === fellow },
    ]),
  ];
  for (const { from, port, isOpen } of rows) {
    if ((await reaches(from, asked, port)) !== isOpen)
      throw new Error(`port ${port} of ${asked.name} is ${isOpen ? "shut" : "open"} to ${from.name}`);
  }
}

function reaches({ does }: Machine, to: Machine, port: number): Promise<boolean> {
  return does("timeout", String(SILENCE_SECONDS), "bash", "-c", `exec 3<>/dev/tcp/${to.place.address}/${port}`);
}

/** One proposes, two others vote, each with the own wallet at the own node. */
async function makeCommonKey([first, ...others]: readonly Machine[]): Promise<void> {
  const { proposalId } = await first!.galen("governance", "propose", "custodians", ...own(first!));
  for (const other of others.slice(0, 2)) await other.galen("governance", "vote", String(proposalId), "--yes", ...own(other));
  await until("the custodians have no key", async () => (await statusAt(first!, first!)).custody !== undefined);
}

const own = (machine: Machine) => ["--as", machine.name, ...at(machine, machine)];
const at = (machine: Machine, node: Machine) => ["--url", node.url, "--wallet", join(machine.data, "wallet")];

interface Status {
  readonly answeringPower: number;
  readonly custody?: { readonly threshold: number };
  readonly agreement: { readonly isSame: boolean; readonly height: number; readonly headerHash: string };
}

async function statusAt({ galen }: Machine, node: Machine): Promise<Status> {
  return (await galen("network", "status", "--url", node.url)) as unknown as Status;
}

/** A clinician with nothing but the addresses reads under a grant, and the account is proven at every node. */
async function readFromOutside(founders: readonly Machine[], client: Machine): Promise<void> {
  const [first, , , last] = founders as [Machine, Machine, Machine, Machine];
  const { account } = await client.galen("keys", "create", "Dr. Outside", ...at(client, last));
  const bundle = join(first.data, "..", "bundle.json");
  await writeFile(bundle, JSON.stringify(generatePatientBundle({ seed: "machines", index: 0 })));
  await first.galen("import", "fhir", bundle, "--author", first.name, ...at(first, first));
  await first.galen("keys", "add", "Dr. Outside", String(account), ...at(first, first));
  const people = (await first.galen("keys", "list", ...at(first, first))) as unknown as { name: string; account: string; kind: string }[];
  const patient = people.find(({ name, kind }) => kind === "person" && name !== "Dr. Outside")!;
  const until = ["--everything", "--until", "1d"];
  await first.galen("grant", "--as", patient.name, "--to", "Dr. Outside", ...until, ...at(first, first));
  await client.galen("keys", "add", patient.name, patient.account, ...at(client, last));
  await client.galen("read", "--as", "Dr. Outside", "--patient", patient.name, "--purpose", "TREAT", ...at(client, last));
  for (const node of founders) await client.galen("verify", String(account), ...at(client, node));
  for (const node of founders) {
    const { answeringPower, agreement } = await statusAt(client, node);
    if (answeringPower !== FOUNDERS || !agreement.isSame)
      throw new Error(`asked at ${node.name}, not all nodes answer and have the same state`);
  }
}

/** The newcomer gets no block before its address is let in, and begins from a snapshot of the others afterwards. */
async function joinLater(founders: readonly Machine[], newcomer: Machine): Promise<void> {
  const { agreement } = await statusAt(newcomer, founders[0]!);
  const { data, url, place } = newcomer;
  const addresses = ["--http", url, "--p2p", `${place.address}:26656`];
  const founding = join(founders[0]!.data, "founding.json");
  await newcomer.galen("node", "join", founding, "--data", data, ...addresses, "--trust", `${agreement.height}:${agreement.headerHash}`);
  await shutOff(newcomer, [...founders, newcomer]);
  const [program, ...args] = await documentedAdmission(place.address);
  for (const { does, name } of founders)
    if (!(await does(program!, ...args))) throw new Error(`${name} does not take the command by which the guide lets a node in`);
  await newcomer.start();
  const target = (await statusAt(newcomer, founders[0]!)).agreement.height;
  await until("the newcomer does not come to the others' height", async () => {
    const { agreement: reached } = await statusAt(newcomer, newcomer);
    return reached.isSame && reached.height >= target;
  });
}

async function until(failure: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(200)) if (await isSo()) return;
  throw new Error(failure);
}
