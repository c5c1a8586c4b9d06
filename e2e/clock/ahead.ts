// Preloaded into a `galen` process: its clock stands ahead by the milliseconds in a file, which is read at the start and on SIGUSR2.
import { readFileSync } from "node:fs";

const file = process.env.GALEN_TEST_CLOCK;
const now = Date.now.bind(Date);
let aheadMs = 0;

function read(): void {
  aheadMs = file === undefined ? 0 : Number(readFileSync(file, "utf8"));
}

read();
process.on("SIGUSR2", read);
Date.now = () => now() + aheadMs;
