import type { Lab } from "./lab.ts";

/** What a fault did to the network. */
export interface Observation {
  /** Blocks that were made while it lasted. */
  readonly blocksDuring: number;
  /** From its end until all nodes stood at one height again. */
  readonly recoveryMs: number;
  /** Validators (hex) that the policy has taken the power from because of it. */
  readonly powerless?: readonly string[];
  /** Whatever else an operator sees. */
  readonly seen: string;
}

export interface FaultCase {
  readonly name: string;
  /** One of the few that every change must pass. */
  readonly isShort?: boolean;
  /** What it cannot be made without; undefined when nothing is missing here. */
  readonly missing?: (lab: Lab) => string | undefined;
  /** Makes the fault, takes it away, and leaves all nodes running. Throws Error when the network did not do as it must. */
  readonly run: (lab: Lab) => Promise<Observation>;
}
