import { decodeUtf8, encodeUtf8 } from "@galen/ledger/crypto/utf8";
import type { KeyValueStore } from "@galen/ledger/store/kv";

/** How far a round of healing has come. */
export interface HealCursor {
  /** The address up to which it is done; empty at its beginning. */
  readonly after: string;
  /** When the last round ended, milliseconds since 1970; 0 while one is under way. */
  readonly endedAt: number;
}

const KEY = Buffer.from("heal", "latin1");

/** The cursor in the blob store's own records: when those are lost, healing begins anew. */
export function readCursor(kv: Pick<KeyValueStore, "get">): HealCursor {
  const bytes = kv.get(KEY);
  const [after = "", endedAt = "0"] = bytes ? decodeUtf8(bytes)!.split(" ") : [];
  return { after, endedAt: Number(endedAt) };
}

export async function writeCursor(kv: Pick<KeyValueStore, "write">, { after, endedAt }: HealCursor): Promise<void> {
  await kv.write([{ key: KEY, value: encodeUtf8(`${after} ${endedAt}`)! }]);
}
