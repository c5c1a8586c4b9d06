import { defineCollection, defineOrderedCollection } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
import { type Validator, validators } from "../../app/parameters.ts";
import { isFromVersion } from "../../app/upgrades.ts";
import { validatorAddress } from "../../block/validator.ts";
import { bytesToHex, requireHexBytes } from "../../crypto/hex.ts";
import type { CryptoProvider } from "../../crypto/provider.ts";
import { isMember } from "../governance/index.ts";
import { errors } from "./errors.ts";
import { Absences, Claim, Entropy, EpochBase, FormerNode, KeyOwner, Miner, Node, Pool, Puzzle, Share } from "./schema.ts";
import { MAX_NODES, Settings } from "./settings.ts";

type Reading = Pick<ReadContext, "state">;

/** `validators/settings/current` and `/planned` -> Settings; a planned one takes over with the next epoch. */
export const settings = defineCollection<["current" | "planned"], typeof Settings>("validators/settings", Settings);
/** `validators/epoch/current` -> EpochBase */
export const epochBase = defineCollection<["current"], typeof EpochBase>("validators/epoch", EpochBase);
/** `validators/nodes/<organisation>` -> Node */
export const nodes = defineOrderedCollection<[organisation: string], typeof Node>("validators/nodes", Node, {
  schema: FormerNode,
  isWritten: (context) => !isFromVersion(context, 4),
});
/** `validators/keys/<address>` -> KeyOwner, also of keys that vote no longer */
export const keys = defineCollection<[address: string], typeof KeyOwner>("validators/keys", KeyOwner);
/** `validators/absences/<organisation>` -> votes that were missed lately */
export const absences = defineCollection<[organisation: string], typeof Absences>("validators/absences", Absences);
/** `validators/pools/<organisation>` -> Pool: what is bonded to its node */
export const pools = defineCollection<[organisation: string], typeof Pool>("validators/pools", Pool);
/** `validators/bonds/<organisation>/<account>` -> Share of the pool */
export const bonds = defineCollection<[organisation: string, account: string], typeof Share>("validators/bonds", Share);
/** `validators/leaving/<organisation>/<epoch>` -> Pool: what can be withdrawn from that epoch on */
export const leavingPools = defineCollection<[organisation: string, epoch: number], typeof Pool>("validators/leaving", Pool);
/** `validators/claims/<organisation>/<account>/<epoch>` -> Claim on the pool that leaves */
export const claims = defineOrderedCollection<[organisation: string, account: string, epoch: number], typeof Claim>(
  "validators/claims",
  Claim,
);
/** `validators/puzzle/current` -> Puzzle; no record unless work gives power */
export const puzzle = defineCollection<["current"], typeof Puzzle>("validators/puzzle", Puzzle);
/** `validators/entropy/current` -> Entropy of the last blocks of the epoch, from which the next challenge comes */
export const entropy = defineCollection<["current"], typeof Entropy>("validators/entropy", Entropy);
/** `validators/miners/<organisation>` -> Miner */
export const miners = defineCollection<[organisation: string], typeof Miner>("validators/miners", Miner);

/** What the alliance has decided about voting power. */
export function currentSettings(ctx: Reading): Settings {
  return settings.get(ctx, "current")!;
}

/** The nodes in the order of their organisations. */
export function allNodes(ctx: Reading): Node[] {
  return [...nodes.entries(ctx, { limit: MAX_NODES })].map(([, node]) => node);
}

/** The node of the organisation, or refuses with validators/UnknownNode. */
export function requireNode(ctx: Reading, organisation: string): Node {
  const node = nodes.get(ctx, organisation);
  if (!node) throw errors.UnknownNode({ organisation });
  return node;
}

/** The consensus key with which the organisation's node speaks for it; undefined unless a member of the alliance has a node that stays. */
export function speakingKey(ctx: Reading, organisation: string): string | undefined {
  const node = nodes.get(ctx, organisation);
  return node && !node.leaving && isMember(ctx, organisation) ? node.publicKey : undefined;
}

/** The organisation for which a node with this consensus key speaks now. */
export function speaksFor(ctx: Pick<ReadContext, "state" | "crypto">, publicKey: string): string | undefined {
  const organisation = keys.get(ctx, addressOf(publicKey, ctx.crypto))?.organisation;
  return organisation !== undefined && speakingKey(ctx, organisation) === publicKey ? organisation : undefined;
}

/** The set that decides, as the ledger keeps it. */
export function currentSet(ctx: Reading): readonly Validator[] {
  return validators.get(ctx, "current")!.validators;
}

/** The member of the set with one of the node's keys. */
export function memberOf(set: readonly Validator[], { publicKey, formerKey }: Node): Validator | undefined {
  return set.find((member) => member.publicKey === publicKey) ?? set.find((member) => member.publicKey === formerKey);
}

/** Under which a key stands in `keys`, hex of 20 bytes. */
export function addressOf(publicKey: string, crypto: CryptoProvider): string {
  return bytesToHex(validatorAddress(requireHexBytes(publicKey, 32), crypto.sha256));
}
