import type { CheckedBundle } from "./bundle.ts";
import { calledBy, humanName } from "./human-name.ts";
import { plainText } from "./plain-text.ts";

const MAX_NAME_LENGTH = 80;

/** Name of the bundle's patient as one line of at most 80 characters, the official name first; undefined when none is given, or nothing that can be seen. Never for the ledger. */
export function patientName({ entries, patient }: CheckedBundle): string | undefined {
  const name = humanName(calledBy(entries[patient]?.resource));
  const line = name === undefined ? "" : plainText(name, MAX_NAME_LENGTH);
  return line === "" ? undefined : line;
}
