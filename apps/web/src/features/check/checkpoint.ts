import type { Trust } from "@galen/sdk/proofs/trust";

/** Whose signatures counted when the node was last asked: what proofs are checked against without a network. */
export interface Checkpoint extends Trust {
  /** Milliseconds since 1970. */
  readonly at: number;
}

const STORED = "galen.checkpoint";

export function readCheckpoint(chainId: string): Checkpoint | undefined {
  const text = localStorage.getItem(STORED);
  const checkpoint = text === null ? undefined : (JSON.parse(text) as Checkpoint);
  return checkpoint?.chainId === chainId ? checkpoint : undefined;
}

export function writeCheckpoint(checkpoint: Checkpoint): void {
  localStorage.setItem(STORED, JSON.stringify(checkpoint));
}
