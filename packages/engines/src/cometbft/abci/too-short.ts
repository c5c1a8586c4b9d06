import { visitFields } from "@galen/ledger/block/protobuf";

/** A key and a signature. What is shorter is no transaction, and a block has room for millions of such. */
export const SHORTEST_SIGNED_BYTES = 96;

/** Whether a message has a payload in field `tag` that is too short for a transaction. Throws SchemaError when it is no message. */
export function holdsTooShort(message: Uint8Array, tag: number): boolean {
  let isFound = false;
  visitFields(message, (found, _wire, start, end) => {
    if (found === tag && end - start < SHORTEST_SIGNED_BYTES) isFound = true;
  });
  return isFound;
}
