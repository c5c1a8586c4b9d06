import type { Grant } from "@galen/ledger/modules/vault/schema";
import { type Translate, useTexts } from "../../frame/texts.ts";
import { type Names, shortId, useNames } from "../../keys/names.ts";
import { accessTexts } from "./access-texts.ts";

type Say = Translate<(typeof accessTexts.keys)[number]>;

/** A grant in short words, for cards and pictures. What is signed is told by the SDK. */
export interface GrantWords {
  /** Whom it names, without the role. */
  readonly name: string;
  readonly who: string;
  readonly what: string;
  readonly isOrganisation: boolean;
}

export function useGrantWords(): (grant: Pick<Grant, "grantee" | "covers">) => GrantWords {
  const t = useTexts(accessTexts);
  const names = useNames();
  return (grant) => grantWords(grant, t, names);
}

function grantWords({ grantee, covers }: Pick<Grant, "grantee" | "covers">, t: Say, names: Names): GrantWords {
  const account = grantee.kind === "role" ? grantee.organisation : grantee.account;
  const name = names.get(account)?.name ?? shortId(account);
  return { name, who: whoIn(grantee, name, t), what: whatIn(covers, t), isOrganisation: grantee.kind !== "person" };
}

function whoIn(grantee: Grant["grantee"], name: string, t: Say): string {
  if (grantee.kind === "person") return name;
  if (grantee.kind === "organisation") return t("everybodyAt", { name });
  return t("roleAt", { name, role: t(`role.${grantee.role}`) });
}

function whatIn(covers: Grant["covers"], t: Say): string {
  if (covers.kind === "everything") return t("everything");
  if (covers.kind === "objects") return t("records", { count: covers.ids.length });
  return t("areas", { count: covers.labels.length });
}
