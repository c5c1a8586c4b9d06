import { readFileSync } from "node:fs";
import { type RecordedChain, replayRecorded } from "./recorded-chain.ts";

/** `node replay-recorded.ts FILE`: replays a recorded chain in this process and prints what came out, for a comparison of processes. */
const recorded = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as RecordedChain;
process.stdout.write(JSON.stringify(await replayRecorded(recorded)));
