import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import type { ProposedMessage } from "@galen/ledger/modules/approvals/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { rules } from "../client/rules.ts";

/** A message as a proposal carries it. Throws Refusal tx/UnknownMessage, tx/InvalidMessage. */
export function encodeMessage(message: Message): ProposedMessage {
  return { type: message.type, value: bytesToHex(rules.codec.encodeValue(message)) };
}

/** A message that a proposal carries; undefined where the newest rules cannot read it. */
export function decodeMessage({ type, value }: ProposedMessage): Message | undefined {
  const bytes = hexToBytes(value);
  try {
    return bytes && { type, value: rules.codec.decodeValue(type, bytes) };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
