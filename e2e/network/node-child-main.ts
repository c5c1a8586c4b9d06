import type { Genesis } from "@galen/ledger/app/genesis";
import { type Config, startNode } from "@galen/node";

/** The word to start. */
export interface StartCommand {
  readonly config: Config;
  readonly genesis: Genesis;
  readonly cometbftEnvironment: Readonly<Record<string, string>>;
}

// A node in a process that may be killed. Like the command line's, it ends when its engine has.
process.once("message", (command: StartCommand) => void start(command));
process.once("disconnect", () => process.exit());

async function start({ config, ...options }: StartCommand): Promise<void> {
  const node = await startNode(config, options);
  process.send!({ kind: "started" });
  const end = () => void node.stop().then(() => process.exit());
  process.once("SIGTERM", end);
  void node.failure.then(end);
}
