import { cometbftProgram, describeWithCometbft } from "./network/cometbft-program.ts";
import { useCometbft } from "./network/engine-under-test.ts";

describeWithCometbft("with CometBFT", async () => {
  if (cometbftProgram !== undefined) useCometbft(cometbftProgram);
  await import("./sdk.test.ts");
});
