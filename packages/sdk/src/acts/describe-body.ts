import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { rules } from "../client/rules.ts";
import { type DescribedAct, type DescribeOptions, describeAct } from "./describe-act.ts";
import { inert } from "./inert.ts";
import type { InEvery } from "./language.ts";
import { createSay, type Say } from "./say.ts";

/** Everything that a signature says yes to. */
export interface DescribedBody {
  /** SHA-256 of the bytes that are signed, hex: the ledger's body hash. */
  readonly actHash: string;
  readonly acts: readonly DescribedAct[];
  /** Who signs, for which network, until when, under which fingerprint. */
  readonly frame: readonly string[];
}

interface Frame {
  readonly chainId: string;
  readonly signers: readonly string[];
  readonly expiresAt: number;
  readonly actHash: string;
}

/** A signature's terms, the same in every act. */
const frames: InEvery<(frame: Frame, say: Say) => readonly string[]> = {
  en: ({ chainId, signers, expiresAt, actHash }, say) => [
    `Signed by: ${say.ids(signers)}`,
    `Network: ${inert(chainId)}`,
    `To be sent before: ${say.time(expiresAt)}`,
    `Fingerprint: ${fingerprint(actHash)}`,
  ],
  "zh-CN": ({ chainId, signers, expiresAt, actHash }, say) => [
    `签名人：${say.ids(signers)}`,
    `网络：${inert(chainId)}`,
    `须在此前提交：${say.time(expiresAt)}`,
    `指纹：${fingerprint(actHash)}`,
  ],
};

/**
 * A transaction's body in words, from the very bytes that are signed. Throws Refusal when they are no body of the newest rules: what cannot be
 * read must not be signed.
 */
export function describeBody(bodyBytes: Uint8Array, options: DescribeOptions): DescribedBody {
  const { messages, ...header } = rules.codec.decodeBody(bodyBytes);
  const actHash = bytesToHex(portableCrypto.sha256(bodyBytes));
  return {
    actHash,
    acts: messages.map((message) => describeAct(message, options)),
    frame: frames[options.language]({ ...header, actHash }, createSay(options.language, options.names ?? (() => undefined))),
  };
}

/** Enough to compare by eye on two devices. */
function fingerprint(hash: string): string {
  return (hash.slice(0, 16).match(/.{4}/g) ?? []).join(" ");
}

/** An act as lines of plain text; what it carries is numbered and set in. */
export function actText({ title, lines, inside }: DescribedAct): readonly string[] {
  const carried = inside.flatMap((act, at) => actText(act).map((line, row) => (row === 0 ? `  ${at + 1}. ${line}` : `     ${line}`)));
  return [title, ...lines.map((line) => `  ${line}`), ...carried];
}
