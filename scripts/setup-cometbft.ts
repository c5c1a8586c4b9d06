import { COMETBFT_VERSIONS, type CometbftVersion, installCometbft } from "./cometbft.ts";

/** `npm run setup:cometbft [VERSION]`: builds CometBFT from its module at an explicit tag, once, and prints where it is. */
const version = process.argv[2] ?? COMETBFT_VERSIONS[0];
if (isKnown(version)) console.log(await installCometbft(version));
else {
  console.error(`${version} is none of the releases that Galen is tested with: ${COMETBFT_VERSIONS.join(", ")}`);
  process.exitCode = 2;
}

function isKnown(text: string): text is CometbftVersion {
  return (COMETBFT_VERSIONS as readonly string[]).includes(text);
}
