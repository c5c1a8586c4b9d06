export { createLightClient, type LightClient, type LightClientOptions, type LightOutcome, type Refused, type Step } from "./client.ts";
export { type LightBlock, lightBlockFromJson, lightBlockToJson, type SignedHeader } from "./light-block.ts";
export type { LightProvider } from "./provider.ts";
export { createRpcProvider } from "./rpc-provider.ts";
export { createMemoryStore, type LightStore } from "./store.ts";
export { type TxProof, type TxProofFault, txProofFault } from "./tx-proof.ts";
export {
  type InvalidReason,
  lightBlockFault,
  type TrustLevel,
  type TrustPolicy,
  type Verdict,
  type VerifyInput,
  verify,
} from "./verify.ts";
