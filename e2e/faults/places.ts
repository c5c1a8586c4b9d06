import { execFileSync, spawnSync } from "node:child_process";

/** Where a node of the lab runs. */
export interface Place {
  readonly address: string;
  /** How a program is started there. */
  command(program: string, args: readonly string[]): { readonly program: string; readonly args: readonly string[] };
}

/** What a link does to the packets that a place sends. */
export interface Impairment {
  readonly lossPercent: number;
  readonly delayMs: number;
  /** Without netem in the kernel a queue of this rate stands for the delay. */
  readonly rateKbit: number;
}

/** The places of a lab and the network between them. */
export interface Places {
  readonly list: readonly Place[];
  /** What the faults of the network are made with, for the report; undefined where they cannot be made. */
  readonly means: string | undefined;
  /** Lets nothing pass between two groups of places (by index). The lab itself still reaches all. */
  split(group: readonly number[], others: readonly number[]): void;
  impair(place: number, impairment: Impairment): void;
  /** Takes every fault of the network away. */
  heal(): void;
  close(): void;
}

/** Places with network namespaces of their own where this account may make them, else all on the loopback address. */
export function createPlaces(count: number): Places {
  const missing = missingMeans();
  return missing === undefined ? createNamespaces(count) : loopbackPlaces(count);
}

/** What is missing for faults of the network; undefined when nothing is. */
export function missingMeans(): string | undefined {
  if (process.getuid?.() !== 0) return "root";
  const [missing] = ["ip", "nft", "tc"].flatMap((program) => missingProgram(program) ?? []);
  if (missing !== undefined) return missing;
  try {
    execFileSync("unshare", ["--net", "true"], { stdio: "ignore" });
  } catch {
    return "network namespaces";
  }
  return undefined;
}

/** What to install for a program; undefined when it is there. */
export function missingProgram(program: string): string | undefined {
  const { error } = spawnSync(program, ["-V"], { stdio: "ignore" });
  return error ? `the program ${program} (e2e/faults/install-tools.sh installs it)` : undefined;
}

/** A place without a network of its own. */
export const loopback: Place = { address: "127.0.0.1", command: (program, args) => ({ program, args }) };

function loopbackPlaces(count: number): Places {
  const impossible = () => {
    throw new Error(`faults of the network need ${missingMeans()}`);
  };
  return { list: Array(count).fill(loopback), means: undefined, split: impossible, impair: impossible, heal: () => {}, close: () => {} };
}

function run(program: string, args: readonly string[], input?: string): void {
  execFileSync(program, args, {
    stdio: [input === undefined ? "ignore" : "pipe", "ignore", "pipe"],
    ...(input === undefined ? {} : { input }),
  });
}

let made = 0;

/** A bridge, and for each place a namespace with one end of a veth pair. Names and addresses follow from the process id: labs do not meet. */
function createNamespaces(count: number): Places {
  const id = (2 * process.pid + made++) % 4_096; // a lab has at most two networks
  const subnet = `10.${64 + (id >> 6)}.${id & 63}`;
  const bridge = `glnb${id}`;
  const names = Array.from({ length: count }, (_, index) => `gln${id}-${index + 1}`);
  const ip = (...args: string[]) => run("ip", args);
  ip("link", "add", bridge, "type", "bridge");
  ip("addr", "add", `${subnet}.254/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  for (const [index, name] of names.entries()) {
    ip("netns", "add", name);
    ip("link", "add", `${name}b`, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("link", "set", `${name}b`, "master", bridge, "up");
    ip("-n", name, "addr", "add", `${subnet}.${index + 1}/24`, "dev", "eth0");
    for (const device of ["eth0", "lo"]) ip("-n", name, "link", "set", device, "up");
  }
  const addressOf = (index: number) => `${subnet}.${index + 1}`;
  const inside = (index: number, ...args: string[]) => ip("netns", "exec", names[index]!, ...args);
  const rules = (index: number, text: string) => run("ip", ["netns", "exec", names[index]!, "nft", "-f", "-"], text);
  return {
    list: names.map((name, index) => ({
      address: addressOf(index),
      command: (program, args) => ({ program: "ip", args: ["netns", "exec", name, program, ...args] }),
    })),
    means: hasNetem(names[0]!)
      ? "network namespaces, nftables, netem"
      : "network namespaces, nftables, token bucket for the delay (no netem)",
    split(group, others) {
      for (const index of group) rules(index, dropRules(others.map(addressOf)));
    },
    impair(index, { lossPercent, delayMs, rateKbit }) {
      if (hasNetem(names[index]!))
        inside(index, "tc", "qdisc", "replace", "dev", "eth0", "root", "netem", "delay", `${delayMs}ms`, "loss", `${lossPercent}%`);
      else {
        inside(
          index,
          "tc",
          "qdisc",
          "replace",
          "dev",
          "eth0",
          "root",
          "tbf",
          "rate",
          `${rateKbit}kbit`,
          "burst",
          "16kbit",
          "latency",
          "400ms",
        );
        rules(index, lossRules(lossPercent));
      }
    },
    heal() {
      for (const index of names.keys()) {
        rules(index, "table inet galen_lab\ndelete table inet galen_lab\n");
        try {
          inside(index, "tc", "qdisc", "del", "dev", "eth0", "root");
        } catch {
          // there was none
        }
      }
    },
    close() {
      for (const name of names) ip("netns", "del", name);
      ip("link", "del", bridge);
    },
  };
}

function hasNetem(namespace: string): boolean {
  try {
    run("ip", ["netns", "exec", namespace, "tc", "qdisc", "replace", "dev", "lo", "root", "netem", "delay", "1ms"]);
  } catch {
    return false;
  }
  run("ip", ["netns", "exec", namespace, "tc", "qdisc", "del", "dev", "lo", "root"]);
  return true;
}

function dropRules(addresses: readonly string[]): string {
  const set = `{ ${addresses.join(", ")} }`;
  return [
    "table inet galen_lab {",
    `  chain incoming { type filter hook input priority 0; ip saddr ${set} drop; }`,
    `  chain outgoing { type filter hook output priority 0; ip daddr ${set} drop; }`,
    "}",
    "",
  ].join("\n");
}

function lossRules(percent: number): string {
  const chain = `  chain outgoing { type filter hook output priority 0; oifname "eth0" numgen random mod 100 < ${percent} drop; }`;
  return ["table inet galen_lab {", chain, "}", ""].join("\n");
}
