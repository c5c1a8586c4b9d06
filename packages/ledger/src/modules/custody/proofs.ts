import { encodeUtf8 } from "../../crypto/utf8.ts";

/** The bytes that the consensus key of an organisation's node signs to say that an account is its custodian, and takes its next share by a sealing key. */
export function offerProofBytes(
  chainId: string,
  { organisation, account, sealingKey }: { readonly organisation: string; readonly account: string; readonly sealingKey: string },
): Uint8Array {
  return encodeUtf8(`galen/custodian-offer/1:${chainId}:${organisation}:${account}:${sealingKey}`)!;
}
