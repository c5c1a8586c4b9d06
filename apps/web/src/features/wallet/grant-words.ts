import type { Grant } from "@galen/ledger/modules/vault/schema";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { useFormats } from "../../frame/formats.ts";
import { type Translate, useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { useAreasOf } from "../../records/area-labels.ts";
import { accessTexts } from "./access-texts.ts";

type Say = Translate<(typeof accessTexts.keys)[number]>;

/** A grant in short words, for cards and pictures. What is signed is told by the SDK. */
export interface GrantWords {
  /** Whom it names, without the role. */
  readonly name: string;
  readonly who: string;
  /** How much it opens. */
  readonly what: string;
  /** What it opens, area by area. */
  readonly opens: string;
  readonly isOrganisation: boolean;
}

export function useGrantWords({ grantee, covers, owner }: Pick<Grant, "grantee" | "covers" | "owner">): GrantWords {
  const t = useTexts(accessTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const names = useNames();
  const { areas, unknown } = useAreasOf(covers.kind === "compartments" ? covers.labels : [], owner);
  const account = grantee.kind === "role" ? grantee.organisation : grantee.account;
  const name = names.get(account)?.name ?? shortId(account);
  const told = [...areas.map((one) => area(one)), ...(unknown === 0 ? [] : [t("unknownAreas", { count: unknown })])];
  return {
    name,
    who: whoIn(grantee, name, t),
    what: whatIn(covers, areas.length + unknown, t),
    opens: covers.kind === "compartments" ? formats.list(told) : whatIn(covers, 0, t),
    isOrganisation: grantee.kind !== "person",
  };
}

function whoIn(grantee: Grant["grantee"], name: string, t: Say): string {
  if (grantee.kind === "person") return name;
  if (grantee.kind === "organisation") return t("everybodyAt", { name });
  return t("roleAt", { name, role: t(`role.${grantee.role}`) });
}

function whatIn(covers: Grant["covers"], areas: number, t: Say): string {
  if (covers.kind === "everything") return t("everything");
  if (covers.kind === "objects") return t("records", { count: covers.ids.length });
  return t("areas", { count: areas });
}
