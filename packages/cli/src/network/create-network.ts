import { mkdir, readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { errors } from "../errors.ts";
import { markTownWallet } from "../session.ts";
import { organisations } from "../town/town.ts";
import { requireOwnEntry } from "../wallet/look-up.ts";
import { createWallet } from "../wallet/wallet.ts";
import { adoptFounding, trustFounding } from "./adopt.ts";
import { portsOfNeighbours } from "./claimed-ports.ts";
import { findCometbft } from "./cometbft-program.ts";
import { type Founding, foundingOf, requireFounders } from "./founding.ts";
import { createPortChooser } from "./free-port.ts";
import { type InitialisedNode, initNode } from "./init-node.ts";
import { organisationFolder, organisationFolders, requireNetworkFolder, walletOf } from "./network-folder.ts";
import { changeConfig, type NodeAddresses } from "./node-config.ts";

export interface NewNetwork {
  readonly folder: string;
  /** How many organisations found it, a node each. */
  readonly organisations: number;
  /** Whether the sample town shall live there. */
  readonly isTown: boolean;
  /** Of all wallets; the town's is public. */
  readonly passphrase: string;
  /** Hears what the user should know and what stops nothing. */
  readonly note: (sentence: string) => void;
}

/** So that a node can begin from a snapshot minutes after the founding, not hours. */
const SNAPSHOT_BLOCKS = 100;

const FIRST_PORTS = { http: 8_080, p2p: 26_656, rpc: 26_756 } as const;
const HOST = "127.0.0.1";
/** Executing, and verifying signatures. On fewer cores the second verifies no sooner, and handing over costs an eighth of a node's processor time. */
const THREADS_PER_NODE = 2;

/**
 * Makes a network of several organisations on this machine: a folder with own keys for each, one founding, ports on the loopback address. Throws Refusal
 * cli/CardsDoNotFit, before anything is made, cli/FolderTaken, cli/NetworkUnfinished, cli/NoCometbft.
 */
export async function createNetwork(network: NewNetwork): Promise<Founding> {
  const { folder, organisations: count, isTown, passphrase } = network;
  requireFounders(count);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await organisationFolders(folder)).length > 0) await requireNetworkFolder(folder);
  if ((await readdir(folder)).length > 0) throw errors.FolderTaken({ folder });
  const nodes: (InitialisedNode & { readonly folder: string })[] = [];
  const addresses = createAddresses(await portsOfNeighbours(folder, network.note));
  const cometbftBinary = await findCometbft(process.env);
  for (let number = 1; number <= count; number++) {
    const node = { folder: organisationFolder(folder, number), organisation: nameOf(number, isTown), passphrase, cometbftBinary };
    nodes.push({ folder: node.folder, ...(await initNode({ ...node, addresses: await addresses(number) })) });
  }
  const founding = foundingOf(
    isTown ? "sample-town" : "galen",
    nodes.map(({ card }) => card),
  );
  const hasCoresToVerify = availableParallelism() >= THREADS_PER_NODE * count;
  for (const { folder: own, wallet } of nodes) {
    await adoptFounding(own, founding, async () => wallet);
    await changeConfig(own, { snapshotIntervalBlocks: SNAPSHOT_BLOCKS, ...(hasCoresToVerify ? {} : { signatureWorkers: 0 }) });
  }
  await gatherWallet(network, founding, nodes);
  return founding;
}

function createAddresses(claimed: Iterable<number>): (number: number) => Promise<NodeAddresses> {
  const choose = createPortChooser(claimed);
  return async (number) => {
    const [httpPort, p2pPort, cometbftRpcPort] = [
      await choose(FIRST_PORTS.http + number - 1),
      await choose(FIRST_PORTS.p2p + number - 1),
      await choose(FIRST_PORTS.rpc + number - 1),
    ];
    return {
      http: `http://${HOST}:${httpPort}`,
      p2p: `${HOST}:${p2pPort}`,
      listen: { httpHost: HOST, httpPort, p2pHost: HOST, p2pPort, cometbftRpcPort },
    };
  };
}

/** The town's organisations found it first, so that its people find them; whoever comes after them is numbered. */
function nameOf(number: number, isTown: boolean): string {
  return (isTown ? organisations[number - 1]?.name : undefined) ?? `Organisation ${number}`;
}

/** One wallet with the keys of all organisations, for trying: the founding is finished with it, and people act from it. */
async function gatherWallet(
  { folder, isTown, passphrase }: NewNetwork,
  founding: Founding,
  nodes: readonly InitialisedNode[],
): Promise<void> {
  const path = walletOf(folder);
  if (isTown) await markTownWallet(path);
  const wallet = await createWallet(path, passphrase);
  for (const { card, wallet: own } of nodes) await wallet.put(requireOwnEntry(own, card.content.name));
  await trustFounding(wallet, founding);
}
