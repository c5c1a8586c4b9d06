import { once } from "node:events";
import { openNetwork } from "@galen/cli/start/open-network";
import { readConfig } from "@galen/node";
import { residentMb } from "../measure.ts";

// A node in a process of its own, as a user's is: serve-node.ts FOLDER WALLET FOUNDER sends its address; any message ends it, and it answers with its memory.
const [dataFolder, walletFolder, founder] = process.argv.slice(2) as [string, string, string];
const config = await readConfig({ environment: {}, overrides: { dataFolder, httpPort: 0, logLevel: "error" } });
const { node } = await openNetwork({ config, walletFolder, founder, report: () => {} });
process.send!(node.url);
await once(process, "message");
process.send!(residentMb());
await node.stop();
process.disconnect();
