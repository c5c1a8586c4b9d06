import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptFounding } from "@galen/cli/network/adopt";
import { foundingOf, genesisOf } from "@galen/cli/network/founding";
import { createPortChooser } from "@galen/cli/network/free-port";
import { type InitialisedNode, initNode } from "@galen/cli/network/init-node";
import type { NodeAddresses } from "@galen/cli/network/node-config";
import { actorOf } from "@galen/cli/session";
import { ensureCollectiveKey } from "@galen/cli/start/collective-key";
import { defaultSettings } from "@galen/ledger/modules/validators/settings";
import { nativeCrypto } from "@galen/node/crypto/native";
import { createClient, type OwnAccount, submit, type Trust, trustOfGenesis } from "@galen/sdk";
import { createLabNode, type LabNode } from "./lab-node.ts";
import { createPlaces, type Place, type Places } from "./places.ts";
import { createReading, type Reading } from "./reading.ts";

/** A network of several organisations, founded as operators found theirs, that faults are made in. */
export interface Lab {
  readonly folder: string;
  readonly chainId: string;
  /** What the lab's own clients trust. */
  readonly trust: Trust;
  readonly places: Places;
  readonly nodes: readonly LabNode[];
  /** The founding organisations, in the order of the nodes. */
  readonly founders: readonly OwnAccount[];
  /** A patient's documents, and a clinician who may read them. */
  readonly reading: Reading;
  close(): Promise<void>;
}

export interface LabOptions {
  readonly organisations: number;
  /** Path of the CometBFT program. */
  readonly cometbftBinary: string;
  /** Hears what is being done. */
  readonly tell: (what: string) => void;
}

const PASSPHRASE = "lab";
const PATIENT_CLIENT_MS = 60_000;
/** One organisation, one vote; power changes soon after it must, and three are enough. */
const SETTINGS = { ...defaultSettings, admission: "open", epochBlocks: 10, minValidators: 3 } as const;

/** Founds the network, starts all nodes, and lets the custodians make their key. */
export async function createLab({ organisations, cometbftBinary, tell }: LabOptions): Promise<Lab> {
  // Short: a socket's path may have no more than 100 bytes.
  const folder = await mkdtemp(join(tmpdir(), "gl-"));
  // One more than nodes: for a twin.
  const places = createPlaces(organisations + 1);
  const nodes: LabNode[] = [];
  async function close(): Promise<void> {
    await Promise.all(nodes.map((node) => node.kill()));
    places.close();
    await rm(folder, { recursive: true, force: true });
  }
  try {
    tell(`founding a network of ${organisations} (${places.means ?? "loopback addresses; no faults of the network"})`);
    const made = await makeNodes({ folder, places: places.list.slice(0, organisations), cometbftBinary });
    const genesis = genesisOf(made.founding);
    const trust = trustOfGenesis(genesis, nativeCrypto);
    for (const { folder: path, card, place } of made.nodes) {
      const { http: url, name, validatorKey } = card.content;
      nodes.push(createLabNode({ name, folder: path, url, place, validatorKey, trust }));
    }
    await Promise.all(nodes.map((node) => node.start()));
    const founders = await Promise.all(made.nodes.map(({ card, wallet }) => actorOf({ wallet }, card.content.name)));
    const client = createClient({ url: nodes[0]!.url, trust, crypto: nativeCrypto, timeoutMs: PATIENT_CLIENT_MS });
    await ensureCollectiveKey(client, founders);
    await submit(client, { actors: founders, messages: [{ type: "validators.setPolicy", value: SETTINGS }] });
    const reading = await createReading(client, founders[0]!);
    return { folder, chainId: genesis.chainId, trust, places, nodes, founders, reading, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface MadeNode extends InitialisedNode {
  readonly folder: string;
  readonly place: Place;
}

async function makeNodes(options: { folder: string; places: readonly Place[]; cometbftBinary: string }) {
  const { folder, places, cometbftBinary } = options;
  const choose = createPortChooser();
  const nodes: MadeNode[] = [];
  for (const [index, place] of places.entries()) {
    const path = join(folder, String(index + 1));
    const addresses = await addressesOf(place, choose);
    const node = { folder: path, organisation: `Organisation ${index + 1}`, passphrase: PASSPHRASE, cometbftBinary, addresses };
    nodes.push({ folder: path, place, ...(await initNode(node)) });
  }
  const founding = foundingOf(
    "lab",
    nodes.map(({ card }) => card),
  );
  for (const { folder: path, wallet } of nodes) await adoptFounding(path, founding, async () => wallet);
  return { nodes, founding };
}

const FIRST_PORT = 28_080;

async function addressesOf({ address }: Place, choose: (wanted: number) => Promise<number>): Promise<NodeAddresses> {
  const [httpPort, p2pPort, cometbftRpcPort] = [await choose(FIRST_PORT), await choose(FIRST_PORT), await choose(FIRST_PORT)];
  return {
    http: `http://${address}:${httpPort}`,
    p2p: `${address}:${p2pPort}`,
    listen: { httpHost: address, httpPort, p2pHost: address, p2pPort, cometbftRpcPort },
  };
}
