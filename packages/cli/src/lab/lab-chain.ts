import { noFacts } from "@galen/ledger/app/block-facts";
import type { TxResult } from "@galen/ledger/app/execute";
import { type Block, type Ledger, openLedger } from "@galen/ledger/app/ledger";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { encodeTransaction, type Message, signBytes } from "@galen/ledger/tx/transaction";
import { nativeCrypto } from "@galen/node/crypto/native";
import { type Ed25519Key, ed25519Key } from "@galen/node/keys/ed25519-key";
import { type AccountKeys, accountKeys } from "@galen/sdk/keys/account-keys";
import { type OwnAccount, ownAccount } from "@galen/sdk/transactions/own-account";
import { type LabOptions, type Participant, type PolicyKind, settingsOf } from "./scenario.ts";

/** A participant with the keys of its account and of its node. */
export interface Operator extends Participant {
  readonly own: OwnAccount;
  readonly nodeKey: Ed25519Key;
  /** Of the node's key, hex. */
  readonly publicKey: string;
}

const GENESIS_TIME = Date.UTC(2026, 0, 1);
const LIFETIME_MS = 600_000;
export const CHAIN_ID = "galen-lab";

/** 32 bytes that follow from a name: keys of a lab guard nothing. */
export function bytesOf(name: string): Uint8Array {
  return nativeCrypto.sha256(new TextEncoder().encode(name));
}

/** The holder who stands for all that entrust shares to others' nodes. */
export function crowdOf(seed: string): Promise<OwnAccount> {
  return ownAccount(keysOf(seed, 0));
}

function keysOf(seed: string, at: number): AccountKeys {
  return accountKeys(Buffer.concat([bytesOf(`${seed}/account`), bytesOf(`${seed}/account/2`)]), at);
}

export async function operatorsOf(seed: string, participants: readonly Participant[]): Promise<Operator[]> {
  const operators = participants.map(async (participant, at) => {
    const keys = keysOf(seed, at + 1);
    const nodeKey = ed25519Key(bytesOf(`${seed}/${participant.name}`));
    return { ...participant, own: await ownAccount(keys, "organisation"), nodeKey, publicKey: bytesToHex(nodeKey.publicKey) };
  });
  return Promise.all(operators);
}

/** A ledger in memory with the operators as alliance and as founding nodes of equal power. */
export interface LabChain {
  readonly ledger: Ledger;
  /** Executes a block `afterMs` later than the one before; throws when a transaction that must succeed is refused. */
  block(afterMs: number, facts: Partial<Block>, txs: readonly Uint8Array[]): Promise<void>;
  sign(actors: readonly OwnAccount[], ...messages: readonly Message[]): Promise<Uint8Array>;
}

export async function openLabChain(kind: PolicyKind, options: LabOptions, operators: readonly Operator[]): Promise<LabChain> {
  const nodes = operators.map(({ own, publicKey }) => ({ organisation: own.account, publicKey }));
  const governance = { members: operators.map(({ own }) => own.creation.value), decision: { numerator: 2, denominator: 3 } };
  const genesis = {
    ...{ chainId: CHAIN_ID, genesisTime: GENESIS_TIME, version: ledgerVersions.at(-1)!.number, parameters: defaultParameters },
    validators: operators.map(({ publicKey }) => ({ publicKey, power: 1 })),
    modules: { governance, validators: { nodes, settings: settingsOf(kind, options) } },
  };
  const ledger = await openLedger({ kv: createMemoryStore(), crypto: nativeCrypto, versions: ledgerVersions, genesis });
  let [time, salt] = [GENESIS_TIME, 0];
  return {
    ledger,
    async block(afterMs, facts, txs) {
      time += Math.max(1, Math.round(afterMs));
      const { txResults } = ledger.finalizeBlock({ ...noFacts, ...facts, height: ledger.height + 1, time, txs });
      await ledger.commit();
      for (const { refusal } of txResults) if (refusal) throw refused(refusal);
    },
    async sign(actors, ...messages) {
      salt += 1;
      const signers = actors.map(({ account }) => account);
      const body = { chainId: CHAIN_ID, signers, expiresAt: time + LIFETIME_MS, salt: salt.toString(16).padStart(16, "0"), messages };
      const bodyBytes = ledger.version.codec.encodeBody(body);
      const signed = actors
        .flatMap(({ signers: keys }) => keys)
        .map(async (signer) => {
          const { keyType, publicKey } = signer;
          return { keyType, publicKey: bytesToHex(publicKey), signature: bytesToHex(await signer.sign(signBytes(bodyBytes))) };
        });
      return encodeTransaction({ bodyBytes, signatures: await Promise.all(signed), receipts: [] });
    },
  };
}

function refused({ id, details }: NonNullable<TxResult["refusal"]>): Error {
  return new Error(`the lab's own transaction was refused: ${id} ${JSON.stringify(details)}`);
}
