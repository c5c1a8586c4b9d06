import { generateKeyPairSync } from "node:crypto";
import type { SealingScheme } from "@galen/custody/custodian/sealing";
import { hpkeOpen, hpkeSeal } from "@galen/sdk/seal/hpke";

/** The custodians' HPKE, with keys of Node's. */
export const sealingScheme: SealingScheme = {
  newKey() {
    const { d, x } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
    return { secretKey: Uint8Array.from(Buffer.from(d!, "base64url")), publicKey: Uint8Array.from(Buffer.from(x!, "base64url")) };
  },
  seal: hpkeSeal,
  open: hpkeOpen,
};
