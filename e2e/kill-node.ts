import { NEWEST_VERSION } from "@galen/cli/start/genesis";
import { defaultParameters } from "@galen/ledger/app/parameters";
import type { CreateAccount } from "@galen/ledger/modules/accounts/index";
import { readConfig, startNode } from "@galen/node";

/** The word to open, for a process that has loaded its modules. */
export interface OpenCommand {
  readonly dataFolder: string;
  /** Who founds the network if the folder holds none. */
  readonly founder: CreateAccount;
}

/** What the process says: that it has loaded, then that the node serves. */
export type NodeMessage = { readonly kind: "loaded" } | { readonly kind: "opened"; readonly url: string; readonly height: number };

// A whole node in a process that is there to be killed. It opens the data folder only when it is told to, so that the next process can load
// its modules while this one is at work.
process.once("message", (command: OpenCommand) => void open(command));
process.once("disconnect", () => process.exit());
say({ kind: "loaded" });

async function open({ dataFolder, founder }: OpenCommand): Promise<void> {
  const overrides = { dataFolder, httpPort: 0, logLevel: "error", requestsPerSecond: 1_000_000, requestBurst: 1_000_000 } as const;
  const config = await readConfig({ environment: {}, overrides });
  const node = await startNode(config, { genesis: (validator) => genesisOf(validator, founder) });
  say({ kind: "opened", url: node.url, height: node.engine.status().height });
  process.once("SIGTERM", () => void node.stop().then(() => process.disconnect()));
}

function say(message: NodeMessage): void {
  process.send!(message);
}

function genesisOf(validator: string, founder: CreateAccount) {
  return {
    chainId: "galen-kill-test",
    genesisTime: Date.now(),
    version: NEWEST_VERSION,
    validators: [{ publicKey: validator, power: 1 }],
    parameters: defaultParameters,
    modules: { governance: { members: [founder], decision: { numerator: 2, denominator: 3 } } },
  };
}
