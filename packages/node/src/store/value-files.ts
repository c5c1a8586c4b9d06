import { crc32 } from "node:zlib";
import type { LogWrite } from "@galen/ledger/store/kv";
import { type LogFiles, openLogFiles } from "./log-files.ts";

/**
 * Permanent values, one behind the other in files; their records hold only where. LevelDB would merge them again and again with what changes
 * beside them (key-value separation: Lu et al., WiscKey, 2016). Nothing is ever taken out, so that nothing has to be cleaned.
 */
export interface ValueFiles extends Pick<LogFiles, "write" | "sync" | "close"> {
  /** Gives a value its place. What is returned goes to `write`, and `place` into the value's record when `sync` has resolved. */
  add(value: Uint8Array): { readonly place: Uint8Array; readonly write: LogWrite };
  /** The value that was given `place`; undefined when it is not there as it was. */
  read(place: Uint8Array): Uint8Array | undefined;
}

/** Position (8 bytes) ‖ length (4) ‖ CRC-32 of the value (4), big endian. */
const PLACE_BYTES = 16;

/** Opens the files in `folder`. One process at a time. */
export async function openValueFiles(folder: string): Promise<ValueFiles> {
  const files = await openLogFiles(folder);
  // Behind what a process that was killed may have left of a value that no record has.
  let { end } = files;
  return {
    write: files.write,
    sync: files.sync,
    close: files.close,
    add(value) {
      const place = new Uint8Array(PLACE_BYTES);
      const view = new DataView(place.buffer);
      view.setBigUint64(0, BigInt(end));
      view.setUint32(8, value.length);
      view.setUint32(12, crc32(value));
      const write = { position: end, bytes: value };
      end += value.length;
      return { place, write };
    },
    read(place) {
      if (place.length !== PLACE_BYTES) return undefined;
      const view = new DataView(place.buffer, place.byteOffset);
      const value = new Uint8Array(view.getUint32(8));
      return files.read(Number(view.getBigUint64(0)), value) && crc32(value) === view.getUint32(12) ? value : undefined;
    },
  };
}
