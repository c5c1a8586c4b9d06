/** Longer than any proof file may be. */
export const MAX_FILE_BYTES = 4_194_304;
const ID = /^[0-9a-f]{64}$/;

/** What was typed, pasted, dropped or scanned. */
export type Input = ProofInput | { readonly kind: "card"; readonly text: string };
/** What leads to a proof. */
export type ProofInput = { readonly kind: "file"; readonly text: string } | { readonly kind: "id"; readonly id: string };

export function parseInput(text: string): Input | undefined {
  const trimmed = text.trim();
  if (isHealthCard(trimmed)) return { kind: "card", text: trimmed };
  if (trimmed.startsWith("{")) return { kind: "file", text: trimmed };
  const id = /[0-9a-f]{64}/.exec(trimmed.toLowerCase())?.[0];
  return id !== undefined && (ID.test(trimmed.toLowerCase()) || trimmed.includes("/")) ? { kind: "id", id } : undefined;
}

/** The code of a SMART Health Card, or the text of its file, whose one field a proof file does not have. */
function isHealthCard(text: string): boolean {
  return text.startsWith("shc:/") || (text.startsWith("{") && text.slice(0, 60).includes('"verifiableCredential"'));
}
