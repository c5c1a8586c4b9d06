import { errors } from "../errors.ts";
import { isTownWallet, readPinned } from "../session.ts";
import { printAnswer } from "../terminal/answer.ts";
import { fail } from "../terminal/failure.ts";
import { createProgress } from "../terminal/progress.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { patientOfTown } from "../town/history.ts";
import { CLINIC_DOCTOR, HOSPITAL_DOCTOR } from "../town/town.ts";
import { type NetworkFolder, openNetworkFolder } from "./network-folder.ts";
import { lostDetails, type ReadyNode, type RunningNetwork, startNetworkFolder } from "./start-network.ts";

/** Runs the network of a folder until it is stopped: by Ctrl-C, by `galen network stop`, or because all nodes have ended. */
export async function runNetwork(path: string, { json }: { readonly json?: boolean }): Promise<void> {
  const network = await openNetworkFolder(path);
  const progress = createProgress({ silent: json });
  const startedAt = performance.now();
  const running = await startNetworkFolder(network, progress.report);
  progress.end();
  stopOnSignal(running);
  const readyMs = Math.round(performance.now() - startedAt);
  const isTown = await isTownWallet(network.wallet);
  const chainId = (await readPinned(network.wallet))!.chainId;
  const { nodes, isNew } = running;
  const text = welcome({ network, nodes, chainId, isNew, isTown, readyMs });
  printAnswer({ json: { chainId, nodes, wallet: network.wallet, isTown, isNew, readyMs }, text }, { json });
  await tellOfLosses(running);
}

/** Says which node ended and why; the others go on. Exit code 1 when one did. */
async function tellOfLosses(running: RunningNetwork): Promise<void> {
  for (const lost of running.losses) {
    void lost.then((loss) => {
      if (loss) fail(errors.NodeEnded(lostDetails(loss)), {});
    });
  }
  await running.stopped;
}

const ECHO_MS = 500;

/** A second Ctrl-C ends the nodes at once, which loses nothing that was acknowledged. */
function stopOnSignal(running: RunningNetwork): void {
  let stoppingSince: number | undefined;
  const stop = () => {
    // npm passes Ctrl-C on to a process that the terminal has told already.
    if (stoppingSince !== undefined && performance.now() - stoppingSince > ECHO_MS) running.kill();
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    void running.stop();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

interface Ready {
  readonly network: NetworkFolder;
  readonly nodes: readonly ReadyNode[];
  readonly chainId: string;
  readonly isNew: boolean;
  readonly isTown: boolean;
  readonly readyMs: number;
}

function welcome({ network, nodes, chainId, isNew, isTown, readyMs }: Ready): string {
  const flags = `--url ${nodes[0]!.url} --wallet ${shellWord(network.wallet)}`;
  return [
    `${isNew ? "Founded" : "Resumed"} the network ${chainId} of ${nodes.length} nodes in ${(readyMs / 1_000).toFixed(1)} s.`,
    "",
    ...nodes.map(({ organisation, url, processId }) => `  ${url}   process ${processId}   ${organisation}`),
    "",
    ...(isTown ? [`In a browser, as somebody of the sample town: ${nodes[0]!.url}/`, ""] : []),
    "In a second terminal (any of the nodes answers):",
    "",
    `  npx galen network status ${shellWord(network.path)}`,
    ...(isTown ? townCommands() : ["keys create NAME", "import fhir FILE… --author NAME"]).map(
      (command) => `  npx galen ${command} ${flags}`,
    ),
    "",
    "Stop one node's process and the others go on; stop two of four and nothing is decided until one is back.",
    "Ctrl-C stops all; starting again resumes. All keys lie on this one machine: for trying, not for records.",
  ].join("\n");
}

function townCommands(): readonly string[] {
  const [first, second] = [patientOfTown(0), patientOfTown(1)];
  return [
    `log --as "${first}"`,
    `grant --as "${second}" --to "${HOSPITAL_DOCTOR}" --everything --until 30d`,
    `read --as "${HOSPITAL_DOCTOR}" --patient "${second}" --purpose TREAT`,
    `grants --as "${CLINIC_DOCTOR}" --received`,
  ];
}
