import { openChain } from "./open-chain.ts";
import { openingOf } from "./payers.ts";
import { ACCOUNTS_PER_MESSAGE } from "./payments.ts";

// A process of its own, so that the measured one begins as after a restart: found-accounts.ts FOLDER ACCOUNTS
const [folder, accounts] = [process.argv[2]!, Number(process.argv[3])];
const { engine, close } = await openChain(folder, accounts);
for (let first = 0; first < accounts; first += ACCOUNTS_PER_MESSAGE) {
  const outcome = await engine.submitAndWait(openingOf(first, Math.min(ACCOUNTS_PER_MESSAGE, accounts - first)));
  if (outcome.result.code !== 0) throw new Error(outcome.result.refusal?.sentence);
}
await close();
// A state that has come to many keys is made anew at its next start, once (docs/decisions/0020).
await (await openChain(folder, accounts)).close();
