import { namesThisMachine } from "@galen/node/http/host-rule";
import type { AnyRoute, RouteRequest } from "@galen/node/http/route";
import { errors } from "../errors.ts";
import type { WalletEntry } from "../wallet/entry.ts";
import type { AddressBook } from "../wallet/wallet.ts";
import { childrenOf } from "./family.ts";
import { patientOfTown } from "./history.ts";
import { organisations, PATIENTS, workers } from "./town.ts";

const patientNames = Array.from({ length: PATIENTS }, (_, index) => patientOfTown(index));

/**
 * The address at which the web app meets the people of the sample town: names, parts and seed words, all invented, all under a passphrase that is public.
 * It exists only where `galen start` made the town and listens on this machine alone; a real network has nothing there.
 */
export function townRoute(openWallet: () => Promise<AddressBook>): AnyRoute {
  let opening: Promise<AddressBook> | undefined;
  return {
    method: "GET",
    path: "/sample-town",
    summary: "The invented people of the sample town, with their seed words.",
    auth: "none",
    params: {},
    query: {},
    answers: { 200: "chainId, people", 404: "the request did not name this machine, or the town is still being founded" },
    async handle({ ledger }, { headers }: Pick<RouteRequest, "headers">) {
      // Not the other names either at which the node may answer: those lead people of other machines here.
      if (!namesThisMachine(headers.host as string | undefined)) throw errors.NotThisMachine();
      opening ??= openWallet().catch((error: unknown) => {
        opening = undefined; // the next one who asks may find it founded
        throw error;
      });
      return { body: { chainId: ledger.chainId, people: peopleOf(await opening) }, headers: { "cache-control": "no-store" } };
    },
  };
}

function peopleOf(wallet: AddressBook) {
  const entries = wallet
    .entries()
    .filter(({ words }) => words !== undefined)
    .toSorted((a, b) => placeOf(a.name) - placeOf(b.name));
  const accounts = new Map(entries.map(({ name, account }) => [name, account]));
  return entries.map((entry) => {
    const { account, name, kind, words, worksFor } = entry;
    const actsFor = childrenOf(name).flatMap((child) => accounts.get(child) ?? []);
    // What is undefined is not written.
    return { account, name, kind, words, worksFor, ...partOf(entry), actsFor };
  });
}

/** Those with a history first: the town's lists are in the order in which one should meet them. */
function placeOf(name: string): number {
  const names = [...organisations, ...workers].map((one) => one.name).concat(patientNames);
  return names.includes(name) ? names.indexOf(name) : names.length;
}

/** What somebody is in the town, in one word that programs may rely on. */
function partOf({ name, patientIdentity, kind }: WalletEntry): { readonly part: string; readonly note?: "licence-suspended" } {
  const organisation = organisations.find((one) => one.name === name);
  if (organisation) return { part: organisation.part.replaceAll(" ", "-") };
  const worker = workers.find((one) => one.name === name);
  if (worker) return { part: worker.role, ...(worker.licence === "suspended" ? { note: "licence-suspended" } : {}) };
  if (childrenOf(name).length > 0) return { part: "parent" };
  return { part: patientIdentity === undefined ? (kind === "person" ? "guest" : kind) : "patient" };
}
