import { errors } from "../errors.ts";
import { isTownWallet } from "../session.ts";
import type { Report } from "../town/found-town.ts";
import { requireFreePorts } from "./claimed-ports.ts";
import { listenForStop } from "./control-socket.ts";
import { finishFounding } from "./finish-founding.ts";
import type { NetworkFolder } from "./network-folder.ts";
import { startCommand } from "./node-config.ts";
import { type NodeEnd, type NodeProcess, startNodeProcess } from "./node-process.ts";

/** A network whose nodes all serve. */
export interface RunningNetwork {
  /** In the order of the folders. */
  readonly nodes: readonly ReadyNode[];
  /** Whether its founding was finished now. */
  readonly isNew: boolean;
  /** Of each node: resolves when its process is gone, to what there is to say if nobody had told it to end. */
  readonly losses: readonly Promise<LostNode | undefined>[];
  /** Resolves when all nodes are gone. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
  /** Ends the nodes at once. */
  kill(): void;
}

/** A node that serves. */
export interface ReadyNode {
  readonly organisation: string;
  /** Base of its HTTP API. */
  readonly url: string;
  readonly processId: number;
}

/** A node that ended by itself. */
export interface LostNode {
  readonly node: NodeProcess;
  readonly end: NodeEnd;
}

/** Starts every organisation's node, waits until all serve, and finishes the founding if something of it is left. Throws Refusal cli/PortTaken, cli/NodeEnded. */
export async function startNetworkFolder(network: NetworkFolder, report: Report): Promise<RunningNetwork> {
  const nodes: NodeProcess[] = [];
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await Promise.all(nodes.map((node) => node.stop()));
  };
  const kill = () => {
    for (const node of nodes) node.kill();
  };
  const closeSocket = await listenForStop(network.path, stop);
  try {
    await requireFreePorts(network);
    const introduced = (await isTownWallet(network.wallet)) ? network.wallet : undefined;
    for (const folder of network.nodes) nodes.push(await startNodeProcess(folder, introduced));
    const losses = nodes.map(async (node) => {
      const end = await node.ended;
      return isStopping ? undefined : { node, end };
    });
    const failure = Promise.race(losses.map(rejectWhenLost));
    const ready = await Promise.race([Promise.all(nodes.map(readyNode)), failure]);
    const isNew = await Promise.race([finishFounding(network, ready[0]!.url, report), failure]);
    const stopped = Promise.all(nodes.map(({ ended }) => ended)).then(closeSocket);
    failure.catch(() => undefined); // from now on `losses` tells
    return { nodes: ready, isNew, losses, stopped, stop, kill };
  } catch (error) {
    await stop();
    await closeSocket();
    throw error;
  }
}

async function readyNode({ folder, processId, ready }: NodeProcess): Promise<ReadyNode> {
  return { organisation: folder.card.content.name, url: await ready, processId };
}

/** Never resolves. */
async function rejectWhenLost(loss: Promise<LostNode | undefined>): Promise<never> {
  const lost = await loss;
  if (lost) throw errors.NodeEnded(lostDetails(lost));
  return new Promise(() => undefined);
}

/** What there is to say about a node that ended. */
export function lostDetails({ node: { folder }, end: { code, signal, lastLines } }: LostNode) {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const log = lastLines.length === 0 ? {} : { log: lastLines.join("\n") };
  return { organisation: folder.card.content.name, folder: folder.path, how, ...log, startAgain: startCommand(folder.path) };
}
