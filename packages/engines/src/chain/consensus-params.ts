/** Evidence that fits into the smallest block beside the commit of the largest set of validators. */
const MAX_EVIDENCE_BYTES = 49_152;
const EVIDENCE_MAX_AGE_BLOCKS = 100_000;
const EVIDENCE_MAX_AGE_NANOS = 172_800_000_000_000n; // 48 hours

/** What governs a block and stands in CometBFT's consensus parameters. */
export interface BlockRules {
  readonly maxBlockBytes: number;
  readonly appVersion: number;
}

/** The parameters of consensus in CometBFT's JSON. The first two follow from the ledger, the others are the same in every network. */
export function consensusParamsJson({ maxBlockBytes, appVersion }: BlockRules) {
  return {
    block: { max_bytes: String(maxBlockBytes), max_gas: "-1" },
    evidence: {
      max_age_num_blocks: String(EVIDENCE_MAX_AGE_BLOCKS),
      max_age_duration: String(EVIDENCE_MAX_AGE_NANOS),
      max_bytes: String(MAX_EVIDENCE_BYTES),
    },
    validator: { pub_key_types: ["ed25519"] },
    version: { app: String(appVersion) },
    abci: { vote_extensions_enable_height: "0" },
  };
}
