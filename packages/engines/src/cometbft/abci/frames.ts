import { encodeVarint } from "@galen/ledger/block/protobuf";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { SchemaError } from "@galen/ledger/schema/schema-error";

/** Cuts a stream into messages, each behind its length as an unsigned varint (cometbft abci/types/messages.go). */
export interface FrameReader {
  /** The messages that `chunk` completes. Throws SchemaError on a length that is malformed or above the limit; the stream is lost then. */
  push(chunk: Uint8Array): Uint8Array[];
}

/** Four bytes of seven bits reach 256 MiB, above any limit that makes sense. */
const MAX_LENGTH_BYTES = 4;

export function createFrameReader(maxBytes: number): FrameReader {
  let chunks: Uint8Array[] = [];
  let size = 0;
  /** Bytes that must be there before looking again makes sense; so a large message is put together once. */
  let wanted = 1;

  function next(): Uint8Array | undefined {
    if (size < wanted) return undefined;
    const buffer = chunks.length === 1 ? chunks[0]! : concatBytes(chunks);
    chunks = [buffer];
    const head = readLength(buffer);
    if (head && head.length > maxBytes) throw new SchemaError(`a message of ${head.length} bytes is above the limit of ${maxBytes}`);
    const end = head && head.start + head.length;
    wanted = end ?? size + 1;
    if (end === undefined || size < end) return undefined;
    chunks = [buffer.subarray(end)];
    size -= end;
    wanted = 1;
    return buffer.subarray(head!.start, end);
  }

  return {
    push(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      const frames: Uint8Array[] = [];
      for (let frame = next(); frame; frame = next()) frames.push(frame);
      return frames;
    },
  };
}

/** A message with its length in front. */
export function encodeFrame(message: Uint8Array): Uint8Array {
  return concatBytes([encodeVarint(message.length), message]);
}

/** The length at the beginning of `buffer`, undefined when not all of it is there. */
function readLength(buffer: Uint8Array): { readonly length: number; readonly start: number } | undefined {
  let length = 0;
  for (let at = 0; at < MAX_LENGTH_BYTES; at++) {
    const byte = buffer[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, start: at + 1 };
  }
  throw new SchemaError("a message's length is malformed");
}
