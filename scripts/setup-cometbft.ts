import { chosenVersion, installCometbft } from "./cometbft.ts";

/** `npm run setup:cometbft [VERSION]`: builds CometBFT from its module at an explicit tag, once, and prints where it is. */
try {
  console.log(await installCometbft(chosenVersion(process.argv[2])));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
