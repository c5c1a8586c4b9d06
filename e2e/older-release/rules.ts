import { ledgerVersions as all } from "@galen/ledger/modules/index";

/** All that this release knows. */
export const ledgerVersions = all.filter(({ number }) => number <= Number(process.env.NEWEST_LEDGER_VERSION));
