import { offers, organisationOf, usedKeys } from "@galen/ledger/modules/custody/state";
import { members } from "@galen/ledger/modules/governance/state";
import { nodes } from "@galen/ledger/modules/validators/state";
import type { Message } from "@galen/ledger/tx/transaction";
import { carriedBy, type DescribeOptions } from "../acts/describe-act.ts";
import type { Client } from "../client/client.ts";
import { GalenError } from "../client/galen-error.ts";
import { isUnknownQuery, query } from "../client/query.ts";
import { provenState } from "../proofs/proven-state.ts";
import { decodeMessage } from "../proposals/carried-message.ts";

/** A custodian as a ceremony and a key set name it. */
export interface NamedCustodian {
  readonly account: string;
  /** By which it receives, or has received, its share; hex. */
  readonly sealingKey: string;
}

/** The custodians of the ceremonies that messages start, also of those that a proposal among them, or one that they are about, carries. */
export function custodiansIn(
  messages: readonly (Message | undefined)[],
  options: Pick<DescribeOptions, "proposals"> = {},
): readonly NamedCustodian[] {
  return messages.flatMap((message) => {
    if (message === undefined) return [];
    if (message.type === "custody.startCeremony") return (message.value as { custodians: readonly NamedCustodian[] }).custodians;
    const carried = carriedBy(message, options);
    return typeof carried === "string" ? [] : custodiansIn(carried.map(decodeMessage));
  });
}

/**
 * The organisations to which custodians belong, by the custodians' accounts, as the ledger states: proven if the client trusts somebody, the node's word
 * otherwise. Left out is whom the ledger ties to none: who has offered no such sealing key, and whose key was named before ledger version 3. Rejects with
 * GalenError.
 */
export async function custodianOrganisations(client: Client, custodians: readonly NamedCustodian[]): Promise<ReadonlyMap<string, string>> {
  if (custodians.length === 0) return new Map();
  const found = client.trust
    ? await provenOrganisations(client, custodians)
    : await Promise.all(custodians.map((one) => askFor(client, one)));
  return new Map(custodians.flatMap(({ account }, at) => (found[at] === undefined ? [] : [[account, found[at]] as const])));
}

async function provenOrganisations(client: Client, custodians: readonly NamedCustodian[]): Promise<readonly (string | undefined)[]> {
  const { state, prove } = provenState(client);
  const [offered] = await Promise.all([
    prove(
      offers,
      custodians.map(({ account }) => account),
    ),
    prove(
      usedKeys,
      custodians.map(({ sealingKey }) => sealingKey),
    ),
  ]);
  // An offer stands as long as the node that vouched for it speaks for its organisation.
  const houses = [...new Set(offered.map(({ organisation }) => organisation))];
  await Promise.all([prove(nodes, houses), prove(members, houses)]);
  return custodians.map((custodian) => organisationOf({ state }, custodian));
}

async function askFor(client: Client, { account, sealingKey }: NamedCustodian): Promise<string | undefined> {
  try {
    return (await query<{ readonly organisation: string }>(client, "custody.custodian", { account, sealingKey })).result.organisation;
  } catch (error) {
    if (isUnknownQuery(error) || (error instanceof GalenError && error.id === "custody/KeyNotOffered")) return undefined;
    throw error;
  }
}
