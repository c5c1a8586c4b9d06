import { defineErrors } from "@galen/ledger/app/refusal";

/** How a custodian says no to a reader. The ledger's own refusals about ceremonies are in its custody module. */
export const errors = defineErrors("custody", 92_000, {
  NoRelease: [1, 403, "no committed entry of the ledger releases anything to this account under this id; send vault.request first"],
  NoShare: [2, 409, "this custodian holds no share of the present key; ask the other custodians that custody.key names"],
  Erased: [3, 410, "an object of this release is erased, and its key is handed out no more; request the other objects again"],
  LogUnwritten: [4, 507, "this custodian cannot write its log of answers, so it gives none; make room on its disk, then ask again"],
});
