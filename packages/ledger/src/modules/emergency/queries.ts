import { walkAfter } from "../../app/collection.ts";
import { defineQuery } from "../../app/define-module.ts";
import { MAX_LISTED, OwnerReference, SettingStatus, UnreviewedFrom, UnreviewedUses, UseReference, UseStatus } from "./schema.ts";
import { requireUse, settings, unreviewed } from "./state.ts";

export const queries = [
  defineQuery({
    name: "emergency.setting",
    summary: "What of an owner opens in an emergency; without a setting, nothing.",
    parameters: OwnerReference,
    result: SettingStatus,
    run(ctx, { owner }) {
      const setting = settings.get(ctx, owner);
      return setting ? { setting } : {};
    },
  }),
  defineQuery({
    name: "emergency.use",
    summary: "A reading in an emergency, and what its owner and an auditor found.",
    parameters: UseReference,
    result: UseStatus,
    run: (ctx, { releaseId }) => ({ releaseId, ...requireUse(ctx, releaseId) }),
  }),
  defineQuery({
    name: "emergency.unreviewed",
    summary: "Readings in an emergency that no auditor has looked at, the oldest first, from a given time on, at most 32.",
    parameters: UnreviewedFrom,
    result: UnreviewedUses,
    run(ctx, last) {
      const waiting = [...unreviewed.entries(ctx, { ...walkAfter(last), limit: MAX_LISTED })];
      return { uses: waiting.map(([, { releaseId }]) => ({ releaseId, ...requireUse(ctx, releaseId) })) };
    },
  }),
];
