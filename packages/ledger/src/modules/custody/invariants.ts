import type { Invariant } from "../../app/define-module.ts";
import { scalarToBytes } from "../../crypto/group.ts";
import { bytesToHex, requireHexBytes } from "../../crypto/hex.ts";
import { lagrangeFactors } from "../../crypto/polynomial-commitments.ts";
import { ceremonies, dealings, justifications, keys, running, usedKeys } from "./state.ts";

const byText = (a: string, b: string) => (a < b ? -1 : 1);

/** Each walks everything: for audits in tests, never for a handler. Of ledger versions 1 and 2. */
export const firstInvariants: Readonly<Record<string, Invariant>> = {
  "the public shares of any k custodians belong to the collective key": (ctx) => {
    for (const [purpose, { custodians, threshold, publicKey }] of ctx.all(keys)) {
      if (custodians.length < threshold) throw new Error(`the ${purpose} key has too few custodians`);
      // Those of two runs side by side differ in one alone, and all meet in the key: so all shares lie on one polynomial.
      const runs = custodians.slice(threshold - 1).map((_, first) => custodians.slice(first, first + threshold));
      for (const some of runs) {
        const shares = some.map(({ publicShare }) => requireHexBytes(publicShare, 32));
        const factors = lagrangeFactors(some.map(({ index }) => index)).map(scalarToBytes);
        const combined = ctx.crypto.ristretto255.combine(shares, factors);
        if (!combined || bytesToHex(combined) !== publicKey) throw new Error(`the ${purpose} key does not open`);
      }
    }
  },
  "exactly the running ceremonies are listed as running": (ctx) => {
    const listed = [...ctx.all(running)].map(([, { ceremonyId }]) => ceremonyId).sort(byText);
    const open = [...ctx.all(ceremonies)].filter(([, { outcome }]) => outcome.kind === "running").map(([ceremonyId]) => ceremonyId);
    if (listed.join() !== open.sort(byText).join()) throw new Error(`running: ${open.join()}; listed: ${listed.join()}`);
  },
  "who dealt has a dealing, and nobody confirms and complains": (ctx) => {
    for (const [id, { dealt, confirmed, complaints }] of ctx.all(ceremonies)) {
      if (!dealt.every((dealer) => dealings.has(ctx, id, dealer))) throw new Error(`${id}: a dealing is missing`);
      if (complaints.some(({ receiver }) => confirmed.includes(receiver))) throw new Error(`${id}: a receiver confirmed and complained`);
      const answered = complaints.filter((one) => one.answered);
      if (!answered.every(({ dealer, receiver }) => justifications.has(ctx, id, dealer, receiver)))
        throw new Error(`${id}: no share shown`);
    }
  },
};

export const invariants: Readonly<Record<string, Invariant>> = {
  ...firstInvariants,
  "the sealing keys of the key in force and of a running ceremony serve no other": (ctx) => {
    const inForce = [...ctx.all(keys)].flatMap(([, { ceremonyId, custodians }]) => custodians.map((one) => ({ ...one, ceremonyId })));
    const underWay = [...ctx.all(running)].flatMap(([, { ceremonyId }]) =>
      ceremonies.get(ctx, ceremonyId)!.receivers.map((one) => ({ ...one, ceremonyId })),
    );
    for (const { sealingKey, ceremonyId } of [...inForce, ...underWay]) {
      if (usedKeys.get(ctx, sealingKey)?.ceremonyId !== ceremonyId) throw new Error(`${ceremonyId}: a sealing key may serve once more`);
    }
  },
  "no organisation has two places in a ceremony": (ctx) => {
    const seats = [...ctx.all(usedKeys)].flatMap(([, { ceremonyId, organisation }]) =>
      organisation ? `${ceremonyId}/${organisation}` : [],
    );
    if (new Set(seats).size !== seats.length) throw new Error("an organisation receives two shares of one key");
  },
};
