import type { LedgerVersion } from "@galen/ledger/app/version";
import { decodeUtf8 } from "@galen/ledger/crypto/utf8";
import { type Codec, codecOf } from "@galen/ledger/schema/codec";
import type { EventReader } from "./block-record.ts";

/** Readers of kept events by the number of the version that emitted them. Throws Error for a version that this program does not have. */
export function createEventReaders(versions: readonly LedgerVersion[]): (appVersion: number) => EventReader {
  const readers = new Map(versions.map((version) => [version.number, eventReader(version)]));
  return (appVersion) => {
    const reader = readers.get(appVersion);
    if (!reader) throw new Error(`this program has no ledger version ${appVersion}, which a stored block was executed by`);
    return reader;
  };
}

function eventReader({ modules }: LedgerVersion): EventReader {
  const codecs = new Map<string, Codec<unknown>>(
    modules.flatMap(({ events }) => events.map(({ type, schema }) => [type, codecOf(schema)])),
  );
  return (leaf) => {
    const end = leaf.indexOf(0); // a leaf is the type, a zero byte, the data
    const type = decodeUtf8(leaf.subarray(0, end))!;
    const codec = codecs.get(type);
    if (!codec) throw new Error(`no module defines the event ${type}, which a stored block holds`);
    return { type, data: codec.decode(leaf.subarray(end + 1)) as Record<string, unknown>, leaf };
  };
}
