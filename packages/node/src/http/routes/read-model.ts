import {
  accountsWithKey,
  delegationsOf,
  documentsOf,
  grantsOf,
  guardedBy,
  listProposals,
  listValidatorSets,
  membersOf,
  type Page,
  releasesOf,
} from "@galen/indexer";
import { hasRole, isDelegate } from "@galen/ledger/modules/accounts/index";
import { AccountId, Integer, OneOf, Text } from "@galen/ledger/schema/types";
import type { Backend } from "../../backend.ts";
import {
  AccountsAnswer,
  DelegationsAnswer,
  GrantsAnswer,
  GuardianshipsAnswer,
  MembersAnswer,
  ProposalsAnswer,
  RecordsAnswer,
  ReleaseCountsAnswer,
  ReleasesAnswer,
  ValidatorSetsAnswer,
} from "../answers.ts";
import { errors } from "../api-error.ts";
import { optional, required } from "../fields.ts";
import { type Answer, defineRoute } from "../route.ts";
import { wholeIndex } from "../whole-index.ts";

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 100;
const page = { before: optional(Integer(0, Number.MAX_SAFE_INTEGER)), limit: optional(Integer(1, MAX_LIMIT)) };
const RETRY_AFTER_MS = 2_000;

const records = defineRoute({
  method: "GET",
  path: "/v1/records",
  summary: "The documents of an owner.",
  auth: "account",
  query: { owner: required(AccountId), ...page },
  answers: { 200: RecordsAnswer },
  handle(backend, { account, query }) {
    requireOwnerOrDelegate(backend, account!, query.owner, "records.read");
    return pageAnswer(backend, (db) => documentsOf(db, query.owner, limited(query)));
  },
});

const releases = defineRoute({
  method: "GET",
  path: "/v1/releases",
  summary: "Who read an owner's documents, and who tried to.",
  auth: "account",
  query: { owner: required(AccountId), ...page },
  answers: { 200: ReleasesAnswer },
  handle(backend, { account, query }) {
    requireOwnerOrDelegate(backend, account!, query.owner, "log.read");
    return pageAnswer(backend, (db) => releasesOf(db, query.owner, limited(query)));
  },
});

const grants = defineRoute({
  method: "GET",
  path: "/v1/grants",
  summary: "The grants that an owner gave, or those that a reader can use: by name, by organisation, by role.",
  auth: "account",
  query: { owner: optional(AccountId), reader: optional(AccountId), ...page },
  answers: { 200: GrantsAnswer },
  handle(backend, { account, query: { owner, reader, ...rest } }) {
    if ((owner === undefined) === (reader === undefined))
      throw errors.InvalidField({ field: "owner", reason: "or reader: give one of them" });
    if (owner !== undefined) {
      requireOwnerOrDelegate(backend, account!, owner, "vault.grant");
      return pageAnswer(backend, (db) => grantsOf(db, owner, limited(rest)));
    }
    if (reader !== account) throw errors.Forbidden();
    return pageAnswer(backend, async (_, { grantsTo }) => {
      const listed = await grantsTo(account!, backend.now(), limited(rest));
      if (!listed) throw errors.TooManyCounts({ retryAfterMs: RETRY_AFTER_MS });
      return listed;
    });
  },
});

/** Far more than anybody has; nobody is refused for having more. */
const MAX_ACCOUNTS = 100;
const PublicKey = Text(66, {
  pattern: "^([0-9a-f]{2}){32,33}$",
  description: "public key, hex: Ed25519 32 bytes, P-256 compressed 33 bytes",
});

const accounts = defineRoute({
  method: "GET",
  path: "/v1/accounts",
  summary:
    "The accounts that have a public key among theirs, at most 100, those first that have had it longest: by it, restored words find the account that " +
    "guardians gave them. The keys of accounts are public, in `/v1/state`. Anybody may give an account keys of somebody else, so an answer proves nothing: " +
    "compare it with the account's record. Founders of the genesis document are found once their keys have changed.",
  query: { key: required(PublicKey) },
  answers: { 200: AccountsAnswer },
  async handle(backend, { query: { key } }) {
    const index = await wholeIndex(backend);
    const found = await accountsWithKey(index.db, { publicKey: key, limit: MAX_ACCOUNTS });
    return { body: { height: await index.height(), items: found.map((account) => ({ account })) } };
  },
});

const members = defineRoute({
  method: "GET",
  path: "/v1/members",
  summary: "The people of an organisation with their roles, for itself and for them; the last to be entered or changed first.",
  auth: "account",
  query: { organisation: required(AccountId), ...page },
  answers: { 200: MembersAnswer },
  handle(backend, { account, query: { organisation, ...rest } }) {
    if (account !== organisation && !hasRole(backend.ledger.read(), organisation, account!)) throw errors.Forbidden({ organisation });
    return pageAnswer(backend, (db) => membersOf(db, organisation, limited(rest)));
  },
});

const guardianships = defineRoute({
  method: "GET",
  path: "/v1/guardianships",
  summary: "The accounts that one can help to rescue as a guardian.",
  auth: "account",
  query: page,
  answers: { 200: GuardianshipsAnswer },
  handle: (backend, { account, query }) => pageAnswer(backend, (db) => guardedBy(db, account!, limited(query))),
});

const delegations = defineRoute({
  method: "GET",
  path: "/v1/delegations",
  summary: "Who acts for an owner, or for whom a delegate acts; also delegations whose time is over.",
  auth: "account",
  query: { owner: optional(AccountId), delegate: optional(AccountId), ...page },
  answers: { 200: DelegationsAnswer },
  handle(backend, { account, query: { owner, delegate, ...rest } }) {
    if ((owner === undefined) === (delegate === undefined))
      throw errors.InvalidField({ field: "owner", reason: "or delegate: give one of them" });
    if ((owner ?? delegate) !== account) throw errors.Forbidden();
    const of = owner === undefined ? { delegate: account! } : { owner };
    return pageAnswer(backend, (db) => delegationsOf(db, of, limited(rest)));
  },
});

const proposals = defineRoute({
  method: "GET",
  path: "/v1/proposals",
  summary:
    "Proposals with their messages and everybody's vote: those that are open (`which=open`, the default), or also past ones (`which=all`); " +
    "with `voter`, those that this account proposed or is asked for; with `about`, those that only ask an owner for grants (`access`), or all others " +
    "(`decision`).",
  query: { which: optional(OneOf("open", "all")), voter: optional(AccountId), about: optional(OneOf("access", "decision")), ...page },
  answers: { 200: ProposalsAnswer },
  handle: (backend, { query: { which = "open", voter, about, ...rest } }) =>
    pageAnswer(backend, (db) => listProposals(db, { open: which === "open", voter, about, ...limited(rest) })),
});

const validatorSets = defineRoute({
  method: "GET",
  path: "/v1/validator-sets",
  summary: "Every change of the validator set with each node's power in it: voting power over time.",
  query: page,
  answers: { 200: ValidatorSetsAnswer },
  handle: (backend, { query }) => pageAnswer(backend, (db) => listValidatorSets(db, limited(query))),
});

const MINUTE_MS = 60_000;
const MAX_STRETCHES = 100;

const releaseCounts = defineRoute({
  method: "GET",
  path: "/v1/release-counts",
  summary:
    "How often anybody read or tried to, over time, by purpose or by the house of who asked. The requests themselves are public, on pseudonyms.",
  auth: "none",
  query: {
    by: required(OneOf("purpose", "organisation")),
    from: required(Integer(0, Number.MAX_SAFE_INTEGER, { description: "milliseconds since 1970" })),
    step: required(
      Integer(MINUTE_MS, 366 * 24 * 60 * MINUTE_MS, { description: "milliseconds of one stretch; at most 100 stretches until now" }),
    ),
  },
  answers: { 200: ReleaseCountsAnswer },
  async handle(backend, { query: { by, from, step } }) {
    if (backend.now() - from > MAX_STRETCHES * step)
      throw errors.InvalidField({ field: "step", reason: `must be so long that ${MAX_STRETCHES} reach from "from" to now` });
    const index = await wholeIndex(backend);
    const items = await index.countReleases({ by, from, stepMs: step });
    if (!items) throw errors.TooManyCounts({ retryAfterMs: RETRY_AFTER_MS });
    return { body: { height: await index.height(), items } };
  },
});

function limited({ before, limit = DEFAULT_LIMIT }: { before: number | undefined; limit: number | undefined }) {
  return { before, limit };
}

function requireOwnerOrDelegate(
  { ledger }: Backend,
  account: string,
  owner: string,
  scope: "records.read" | "log.read" | "vault.grant",
): void {
  if (account !== owner && !isDelegate(ledger.read(), { owner, delegate: account, scope })) throw errors.Forbidden({ owner, scope });
}

/** Answers from tables that hold every block that was durable when the request came. */
async function pageAnswer(
  backend: Backend,
  ask: (db: Backend["index"]["db"], index: Backend["index"]) => Promise<Page<object>>,
): Promise<Answer> {
  const index = await wholeIndex(backend);
  const height = await index.height(); // before, as a list can take its time
  const { items, next } = await ask(index.db, index);
  return { body: { height, items: items.map(camelCased), next: next ?? null } };
}

/** A row with its columns as the API names fields: `created_at` becomes `createdAt`, in rows within rows, too. */
function camelCased(row: object): Record<string, unknown> {
  const rename = (column: string) => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const within = (value: unknown) => (typeof value === "object" && value !== null && !Array.isArray(value) ? camelCased(value) : value);
  const told = (value: unknown) => (Array.isArray(value) ? value.map(within) : value);
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [rename(column), told(value)]));
}

export const readModelRoutes = [
  records,
  releases,
  grants,
  accounts,
  guardianships,
  delegations,
  members,
  proposals,
  validatorSets,
  releaseCounts,
];
