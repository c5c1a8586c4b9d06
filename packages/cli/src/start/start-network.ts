import { join } from "node:path";
import { type Config, type RunningNode, readConfig } from "@galen/node";
import { errors } from "../errors.ts";
import { printAnswer } from "../terminal/answer.ts";
import { fail } from "../terminal/failure.ts";
import { createProgress } from "../terminal/progress.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { patientOfTown } from "../town/history.ts";
import { CLINIC_DOCTOR, HOSPITAL, HOSPITAL_DOCTOR } from "../town/town.ts";
import { DEFAULT_URL, DEFAULT_WALLET } from "../verb.ts";
import { hasWallet, TOWN_PASSPHRASE } from "../wallet/wallet.ts";
import { type OpenNetwork, openNetwork } from "./open-network.ts";
import { buildWebApp } from "./web-app.ts";

/** What the user set at the command line. */
export interface StartFlags {
  readonly data?: string;
  readonly port?: string;
  readonly host?: string;
  readonly config?: string;
  readonly empty?: boolean;
  readonly organisation?: string;
  readonly introduce?: string;
  readonly json?: boolean;
}

/** Starts the network of a data folder, says what can be tried, and serves until it is stopped. */
export async function startNetwork(flags: StartFlags): Promise<void> {
  const whenAbandoned = endWhenAbandoned();
  const given = await configOf(flags);
  const walletFolder = join(given.dataFolder, "wallet");
  const config = given.webFolder === "none" ? { ...given, webFolder: (await buildWebApp(flags)) ?? "none" } : given;
  const progress = createProgress({ silent: flags.json });
  const startedAt = performance.now();
  const network = await openNetwork({
    config,
    walletFolder,
    founder: flags.empty ? flags.organisation : undefined,
    introduced: flags.introduce,
    report: progress.report,
  });
  progress.end();
  whenAbandoned(stopOnSignal(network.node));
  const readyMs = Math.round(performance.now() - startedAt);
  const { node, chainId, isTown, beginning } = network;
  const wallet = (await hasWallet(walletFolder)) ? walletFolder : undefined;
  const text = welcome({ ...network, wallet }, config, readyMs);
  printAnswer({ json: { url: node.url, chainId, data: config.dataFolder, isTown, beginning, readyMs }, text }, flags);
}

async function configOf({ data, port, host, config }: StartFlags): Promise<Config> {
  if (port !== undefined && !/^[0-9]+$/.test(port))
    throw errors.BadValue({ option: "--port", value: port, reason: "a number from 0 to 65535" });
  return readConfig({
    ...(config === undefined ? {} : { file: config }),
    environment: process.env,
    overrides: {
      ...(data === undefined ? {} : { dataFolder: data }),
      ...(port === undefined ? {} : { httpPort: Number(port) }),
      ...(host === undefined ? {} : { httpHost: host }),
    },
  });
}

/** npm passes Ctrl-C on to a process that the terminal has told already; who presses twice takes longer. */
const ECHO_MS = 500;

/**
 * A node that `galen network start` runs ends with that process, however it ended: nobody else would stop it, and it would keep its ports. While it starts it ends
 * at once, as by a signal; what is given to the result is done from then on.
 */
function endWhenAbandoned(): (end: () => void) => void {
  let onAbandoned: () => void = () => process.exit(1);
  process.once("disconnect", () => onAbandoned());
  process.channel?.unref(); // listening is no reason to go on
  return (end) => {
    onAbandoned = end;
  };
}

/** Ctrl-C and a polite kill end the node cleanly; a second one ends it at once, which loses nothing that was acknowledged. Gives the way to stop it likewise. */
function stopOnSignal(node: RunningNode): () => void {
  let stoppingSince: number | undefined;
  const stop = () => {
    if (stoppingSince !== undefined && performance.now() - stoppingSince > ECHO_MS) process.exit(1);
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    node.stop().catch((error: unknown) => fail(error, {}));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  void node.failure.then((cause) => {
    fail(cause, {});
    stop();
  });
  return stop;
}

const beginnings = { founded: "Founded", joined: "Joined", resumed: "Resumed" } as const;

interface Welcomed extends OpenNetwork {
  /** Undefined at a node that was started without one. */
  readonly wallet: string | undefined;
}

function welcome({ node, chainId, isTown, beginning, wallet }: Welcomed, config: Config, readyMs: number): string {
  const { dataFolder, webFolder, engine } = config;
  const lines = [
    `${beginnings[beginning]} the network ${chainId} in ${(readyMs / 1_000).toFixed(1)} s.`,
    "",
    ...(webFolder === "none" ? [] : [`  web app    ${node.url}/`]),
    `  HTTP API   ${node.url}/v1/status   (all of it: ${node.url}/v1/openapi.json)`,
    `  metrics    ${node.url}/metrics`,
    `  data       ${dataFolder}`,
    ...(wallet === undefined ? [] : [`  wallet     ${wallet}`]),
  ];
  const ending = [
    "",
    engine === "cometbft"
      ? `One node of several: \`npx galen network status --url ${node.url}\` shows how all of them stand.`
      : "One machine, one custodian: whoever takes its whole disk holds the collective key, unless custodianStateKey is set (SECURITY.md).",
    "Ctrl-C stops it; starting it again resumes.",
  ];
  const flags = `${node.url === DEFAULT_URL ? "" : ` --url ${node.url}`}${wallet === undefined || wallet === DEFAULT_WALLET ? "" : ` --wallet ${shellWord(wallet)}`}`;
  return [...lines, ...(isTown ? townLines(flags) : engine === "cometbft" ? [] : emptyLines(flags)), ...ending].join("\n");
}

function townLines(flags: string): readonly string[] {
  const [first, second] = [patientOfTown(0), patientOfTown(1)];
  const commands = [
    "town",
    `records list --as "${first}"`,
    `log --as "${first}"`,
    `grant --as "${second}" --to "${HOSPITAL_DOCTOR}" --everything --until 30d`,
    `read --as "${HOSPITAL_DOCTOR}" --patient "${second}" --purpose TREAT`,
    `log --as "${second}"`,
    `grants --as "${CLINIC_DOCTOR}" --received`,
    `export --patient "${first}" --out record.json`,
    `import fhir record.json --author "${HOSPITAL}"`,
  ];
  return [
    "",
    `The sample town lives here: ten organisations, their staff, thirty patients, all invented. Their keys are for trying out:`,
    `the passphrase of their wallet is "${TOWN_PASSPHRASE}", for everybody. In a second terminal:`,
    "",
    ...commands.map((command) => `  npx galen ${command}${flags}`),
  ];
}

function emptyLines(flags: string): readonly string[] {
  const commands = ["keys create NAME", "import fhir FILE… --author NAME"];
  return ["", "Make people and bring records in:", "", ...commands.map((command) => `  npx galen ${command}${flags}`)];
}
