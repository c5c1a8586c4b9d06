// A stranger checks a proof file without asking any node; what was changed in it is refused.
import { createClient, genesis, trustOfGenesis } from "@galen/sdk";
import { createProofFile, verifyProofFile } from "@galen/sdk/proofs/proof-file";
import { verifySubject } from "@galen/sdk/proofs/verify-subject";
import { newAccount } from "./new-account.ts";

const url = process.env.GALEN_URL ?? "http://127.0.0.1:8080";
// In earnest the genesis document comes from somebody whom you believe, not from the node that is checked.
const trust = trustOfGenesis(await genesis(createClient({ url })), createClient({ url }).crypto);
const client = createClient({ url, trust });
const { account } = await newAccount(client);

const { proofs } = await verifySubject(client, account);
const text = createProofFile(proofs, client.crypto);

const context = { trust, crypto: client.crypto, nowMs: Date.now() };
for (const check of verifyProofFile({ text, ...context }).checks) console.log(check.replaceAll(/[0-9a-f]{64}/g, "…"));
try {
  verifyProofFile({
    text: text.replace(
      account,
      account.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    ),
    ...context,
  });
} catch (error) {
  console.log(`changed: ${(error as Error).name}`);
}
