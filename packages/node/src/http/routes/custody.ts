import { Refusal } from "@galen/ledger/app/refusal";
import { Hash, Height, Integer } from "@galen/ledger/schema/types";
import type { Backend } from "../../backend.ts";
import { CustodianAnswer, ServedLogAnswer, SharesAnswer } from "../answers.ts";
import { errors } from "../api-error.ts";
import { optional, required } from "../fields.ts";
import { reachHeight } from "../reach-height.ts";
import { defineRoute } from "../route.ts";

const custodian = defineRoute({
  method: "GET",
  path: "/v1/custodian",
  summary: "This node's custodian: its account, the sealing key to name in the next ceremony, and which share it holds.",
  answers: { 200: CustodianAnswer },
  handle(backend) {
    const { account, sealingKey, holding } = requireCustodian(backend);
    return { body: { account, sealingKey, index: holding?.index ?? null, epoch: holding?.epoch ?? null } };
  },
});

const servedLog = defineRoute({
  method: "GET",
  path: "/v1/custodian/log",
  summary: "What this custodian has answered, oldest first, for an auditor who compares it with the ledger.",
  query: { offset: optional(Integer(0, Number.MAX_SAFE_INTEGER)) },
  answers: { 200: ServedLogAnswer },
  async handle({ served }, { query: { offset = 0 } }) {
    if (!served) throw errors.NoCustodian();
    const page = await served.page(offset);
    if (!page) throw errors.InvalidField({ field: "offset", reason: "must be 0 or what another page named as `next`" });
    return { body: { entries: page.entries, next: page.next ?? null } };
  },
});

const shares = defineRoute({
  method: "POST",
  path: "/v1/custody/shares",
  summary: "Get this custodian's shares for a committed release to the account, from the block of `height`.",
  auth: "account",
  body: { type: "application/json", maxBytes: 1_024, fields: { releaseId: required(Hash), height: required(Height) } },
  answers: { 200: SharesAnswer },
  async handle(backend, { account, fields: { releaseId, height }, signal }) {
    const custodian = requireCustodian(backend);
    await reachHeight(backend.engine, height, signal);
    try {
      const body = await custodian.releaseShares(releaseId, account!);
      backend.metrics.countShares("served");
      return { body };
    } catch (error) {
      if (error instanceof Refusal) backend.metrics.countShares(error.kind.id);
      throw error;
    }
  },
});

function requireCustodian({ custodian }: Backend) {
  if (!custodian) throw errors.NoCustodian();
  return custodian;
}

export const custodyRoutes = [custodian, servedLog, shares];
