import { defineErrors } from "@galen/ledger/app/refusal";

/** Why a proof is not believed. */
export const proofErrors = defineErrors("proof", 93_000, {
  Malformed: [1, 422, "this is no proof file of Galen, or one that was changed; get it again from whoever made it"],
  VersionUnknown: [2, 422, "this proof file comes from a newer version of Galen; update, then check it again"],
  WrongChain: [3, 409, "the proof speaks of another network than the one you trust"],
  WrongHeight: [4, 422, "the header is not the one that the proof needs: state of a height stands in the header after it"],
  TimeInFuture: [5, 422, "the header's time lies ahead of this clock; check the clock, and do not believe the proof before"],
  HeaderNotSigned: [6, 422, "the signatures are for another header than the one that is shown"],
  ValidatorsNotTrusted: [
    7,
    403,
    "the header was signed by validators that you do not trust; check whom you trust, or follow their changes",
  ],
  CommitInvalid: [8, 422, "the signatures under the header are wrong or too few; `fault` names what is wrong"],
  StateNotProven: [9, 422, "the proof does not lead from this key and value to the header's app hash"],
  HeaderNotLinked: [10, 422, "the transaction's header is not the one that the signed header after it names"],
  TransactionNotInBlock: [11, 422, "the transaction's bytes are not in this block"],
  ResultNotInBlock: [12, 422, "the result is not the one that the next header commits to"],
  EventsNotInResult: [13, 422, "the events are not those that the transaction's result commits to"],
  ValidatorsNotFollowed: [
    14,
    422,
    "the headers do not lead from the founding validators to this height; `fault` names why; ask another node",
  ],
  EntryWithheld: [15, 502, "the node proves a list without an entry that the list's own count proves to be there; ask another node"],
  Stale: [
    16,
    409,
    "the node answers with an old state, which may hide what happened since; check this clock, then ask another node, or check that this one still seals blocks",
  ],
  NotTheSuccessor: [
    17,
    409,
    "the network that you trust has not named this one as the network in which it goes on; do not believe the node",
  ],
  OutcomeNotProven: [
    18,
    502,
    "the node says that this was done and cannot prove it: do not rely on it; ask another node, or send it again",
  ],
  OtherSubject: [19, 422, "the proof says nothing of this id; get the proof of what you want to check"],
  ContentNotProven: [
    20,
    422,
    "the file proves a document, and not whether its content was erased; get it again, with the proof of the object of this id as well",
  ],
});
