import { openChain } from "./open-chain.ts";

// time-opening.ts FOLDER ACCOUNTS prints how many milliseconds a node's ledger and engine take to open what lies there.
const start = performance.now();
const { close } = await openChain(process.argv[2]!, Number(process.argv[3]));
console.log(JSON.stringify(performance.now() - start));
await close();
