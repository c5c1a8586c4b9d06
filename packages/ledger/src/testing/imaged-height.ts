import type { KeyValueStore } from "../store/kv.ts";

/** The height of whose state tree `kv` holds an image, which spares the next opening its log; undefined without one. */
export function imagedHeight(kv: Pick<KeyValueStore, "get">): number | undefined {
  const head = kv.get(Uint8Array.of(0x75));
  return head && Number(new DataView(head.buffer, head.byteOffset).getBigUint64(1));
}
