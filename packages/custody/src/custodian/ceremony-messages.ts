import { bytesToHex } from "@galen/ledger/crypto/hex";
import { isDisqualified, phaseOf } from "@galen/ledger/modules/custody/ceremony";
import type { Message } from "@galen/ledger/tx/transaction";
import { type CeremonyPart, dealerIndex, namesOwnKey, receiverIndex, shareFrom } from "./ceremony-part.ts";
import type { CustodianState, OwnDealing } from "./custodian-state.ts";

/** `custody.deal` of a dealing. */
export function dealMessage({ ceremonyId, commitments, proof, sealedShares }: OwnDealing): Message {
  const value = {
    ceremonyId,
    commitments: commitments.map(bytesToHex),
    proof: bytesToHex(proof),
    sealedShares: sealedShares.map(bytesToHex),
  };
  return { type: "custody.deal", value };
}

/** Whether this custodian is to deal now. */
export function isToDeal(part: CeremonyPart): boolean {
  const dealer = dealerIndex(part);
  return dealer !== undefined && phaseOf(part.ceremony, part.ctx.time) === "dealing" && !part.ceremony.dealt.includes(dealer);
}

/** What this custodian is to say now about the dealings of others and to complaints about its own; one transaction each. */
export async function dueStatements(part: CeremonyPart, state: CustodianState): Promise<Message[]> {
  const phase = phaseOf(part.ceremony, part.ctx.time);
  const answers = phase === "justifying" ? justifications(part, state.dealing) : [];
  const judges = phase === "complaining" || phase === "justifying";
  return [...answers, ...(judges ? await judgement(part, state, phase) : [])];
}

/** The true shares of receivers who complain: whoever does not answer is out. */
function justifications(part: CeremonyPart, dealing: OwnDealing | undefined): Message[] {
  const { ceremony, ceremonyId } = part;
  const dealer = dealerIndex(part);
  if (dealer === undefined || dealing?.ceremonyId !== ceremonyId || isDisqualified(ceremony, dealer)) return [];
  const open = ceremony.complaints.filter((complaint) => complaint.dealer === dealer && !complaint.answered);
  return open.map(({ receiver }) => ({
    type: "custody.justify",
    value: { ceremonyId, receiver, share: bytesToHex(dealing.shares[receiver - 1]!) },
  }));
}

/** A complaint about every bad share, or else the confirmation. Both only once; whoever was broken off between two complaints goes on with the second. */
async function judgement(part: CeremonyPart, state: CustodianState, phase: "complaining" | "justifying"): Promise<Message[]> {
  const { ceremony, ceremonyId } = part;
  const receiver = receiverIndex(part);
  if (receiver === undefined || ceremony.confirmed.includes(receiver)) return [];
  // It can open nothing, whoever is honest: every dealer would answer its complaint, and all answers together are its share, in the open.
  if (!namesOwnKey(part, state)) return [];

  const complained = ceremony.complaints.filter((one) => one.receiver === receiver).map(({ dealer }) => dealer);
  const unjudged = ceremony.dealt.filter((dealer) => !complained.includes(dealer));
  const checks = await Promise.all(unjudged.map(async (dealer) => ({ dealer, isGood: !!(await shareFrom(part, dealer, state)) })));
  const bad = checks.filter(({ isGood }) => !isGood);
  if (bad.length > 0)
    return phase === "complaining" ? bad.map(({ dealer }) => ({ type: "custody.complain", value: { ceremonyId, dealer } })) : [];
  return complained.length > 0 || ceremony.dealt.length === 0 ? [] : [{ type: "custody.confirm", value: { ceremonyId } }];
}
