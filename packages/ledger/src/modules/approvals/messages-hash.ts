import { concatBytes } from "../../crypto/bytes.ts";
import { bytesToHex } from "../../crypto/hex.ts";
import type { CryptoProvider } from "../../crypto/provider.ts";
import { encodeUtf8 } from "../../crypto/utf8.ts";
import { codecOf } from "../../schema/codec.ts";
import { Act } from "./schema.ts";

const DOMAIN = encodeUtf8("galen/proposal/1:")!;
const act = codecOf(Act);

/**
 * What an approval names: SHA-256("galen/proposal/1:" ‖ canonical bytes of proposer, version and messages). A client computes it from the messages
 * that it has shown, so that nobody approves what they have not seen. Throws SchemaError.
 */
export function messagesHashOf(proposed: Act, crypto: Pick<CryptoProvider, "sha256">): string {
  return bytesToHex(crypto.sha256(concatBytes([DOMAIN, act.encode(proposed)])));
}
