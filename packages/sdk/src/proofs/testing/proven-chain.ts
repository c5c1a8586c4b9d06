import { dataHash, proveTx } from "@galen/ledger/block/data";
import { headerHash } from "@galen/ledger/block/header";
import { proveResult, resultsHash } from "@galen/ledger/block/results";
import { createHeader, createSigners, type Signer, signHeader } from "@galen/ledger/block/testing/signed-chain";
import { validatorsHash } from "@galen/ledger/block/validator";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { encodeStateProof } from "@galen/ledger/store/proof";
import { foundTown } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import type { FinalHeader, ProofContext } from "../signed-header.ts";
import type { StateProof } from "../state-proof.ts";
import type { TransactionProof } from "../transaction-proof.ts";

const { sha256 } = portableCrypto;

/** A real transaction on a real ledger, in headers that these validators signed. */
export async function provenChain(powers: Readonly<Record<string, bigint>> = { "validator one": 10n }) {
  const { chain, patient, clinician } = await foundTown();
  const delegation = {
    owner: patient.account,
    delegate: clinician.account,
    scopes: ["records.read"],
    until: chain.now + 90_000,
    ground: "chosen",
  };
  const neighbour = chain.sign(
    [patient],
    [{ type: "accounts.endDelegation", value: { owner: patient.account, delegate: clinician.account } }],
  );
  const tx = chain.sign([patient], [{ type: "accounts.delegate", value: delegation }]);
  const txs = [neighbour, tx]; // the first is refused: nothing has been delegated yet
  const { txResults } = await chain.block(...txs);
  const results = txResults.map(({ code, data }) => ({ code, data, gasWanted: 0, gasUsed: 0 }));

  const signers = createSigners(powers);
  const height = chain.ledger.height;
  const first = finalHeader(height, signers, { dataHash: dataHash(txs, sha256) });
  const parts = { total: 1, hash: new Uint8Array(32) };
  const lastBlockId = { hash: headerHash(first.header, sha256), parts };
  const commitments = { appHash: chain.ledger.appHash, lastResultsHash: resultsHash(results, sha256) };
  const next = finalHeader(height + 1, signers, { lastBlockId, ...commitments });

  const stateProof = (key: string): StateProof => {
    const { value, proof } = chain.ledger.prove(key);
    return { kind: "state", key, height, value, path: encodeStateProof(proof), final: next };
  };
  const transactionProof = (index: number): TransactionProof => ({
    kind: "transaction",
    txHash: bytesToHex(sha256(txs[index]!)),
    height,
    index,
    total: txs.length,
    bytes: txs[index]!,
    inclusion: proveTx(txs, index, sha256).aunts,
    result: { code: results[index]!.code, data: results[index]!.data },
    resultInclusion: proveResult(results, index, sha256).aunts,
    events: txResults[index]!.events.map(({ leaf }) => leaf),
    final: first,
    nextFinal: next,
  });
  const trust = { chainId: "test", validatorsHash: bytesToHex(validatorsHash(signers, sha256)) };
  const context: ProofContext = { trust, crypto: rememberingCrypto(), nowMs: Date.UTC(2026, 0) };
  return {
    context,
    signers,
    delegation,
    present: stateProof(`accounts/delegations/${patient.account}/${clinician.account}`),
    absent: stateProof(`accounts/records/${testBytes("nobody")}`),
    executed: transactionProof(1),
    refused: transactionProof(0),
  };
}

/** A header of chain `test` with everybody's signature. */
export function finalHeader(height: number, signers: readonly Signer[], change: Parameters<typeof createHeader>[3] = {}): FinalHeader {
  const validators = signers.map(({ publicKey, power }) => ({ publicKey, power }));
  return { ...signHeader(createHeader(height, signers, signers, change), signers), validators };
}

/** The portable provider that verifies each signature once: thousands of altered files differ elsewhere. */
function rememberingCrypto(): CryptoProvider {
  const verdicts = new Map<string, boolean>();
  return {
    ...portableCrypto,
    verifyEd25519(...input) {
      const name = input.map(bytesToHex).join("/");
      const verdict = verdicts.get(name) ?? portableCrypto.verifyEd25519(...input);
      verdicts.set(name, verdict);
      return verdict;
    },
  };
}
