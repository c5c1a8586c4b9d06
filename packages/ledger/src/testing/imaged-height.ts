import type { KeyValueStore } from "../store/kv.ts";
import { IMAGE_KEY } from "../store/tree/tree-image.ts";

/** The height of whose state tree `kv` holds an image, which spares the next opening its log; undefined without one. */
export function imagedHeight(kv: Pick<KeyValueStore, "get">): number | undefined {
  const head = kv.get(IMAGE_KEY);
  return head && Number(new DataView(head.buffer, head.byteOffset).getBigUint64(1));
}
