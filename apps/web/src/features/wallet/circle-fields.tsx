import type { Account } from "@galen/ledger/modules/accounts/schema";
import { query } from "@galen/sdk/client/query";
import { Checkbox } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { useNetwork } from "../../network/network.tsx";
import { Chips, Question } from "../../ui/chips.tsx";
import { Note } from "../../ui/surface.tsx";
import { accessTexts } from "./access-texts.ts";
import { circles, type Draft } from "./grant-draft.ts";

/** Whether an account is an organisation, as the ledger says: a code and a number do not tell. Undefined until it is known. */
export function useIsOrganisation(account: string | undefined) {
  const { data: network } = useNetwork();
  const found = useQuery({
    queryKey: ["chain", "account-kind", account],
    queryFn:
      network && account !== undefined
        ? async () => (await query<Account>(network.client, "accounts.account", { account })).result.kind
        : skipToken,
  });
  return { isOrganisation: found.data === undefined ? undefined : found.data === "organisation", error: found.error };
}

interface CircleFieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** Who of a house is meant, and whether only those with a licence: this holds for people as well, so that for them nothing comes late and moves what stands below. */
export function CircleFields({ draft: { to, circle, isLicensedOnly }, onChange }: CircleFieldsProps) {
  const t = useTexts(accessTexts);
  const { isOrganisation, error } = useIsOrganisation(to?.account);
  return (
    <>
      {error && <Note tone="bad">{describeFailure(error).text}</Note>}
      {isOrganisation && (
        <Question label={t("circle")}>
          <Chips
            values={circles}
            chosen={circle}
            labelOf={(one) => t(`circle.${one}`)}
            onChange={(chosen) => onChange({ circle: chosen })}
          />
        </Question>
      )}
      <Checkbox
        size="md"
        label={t("licensedOnly")}
        description={t("licensedOnlyHint")}
        checked={isLicensedOnly}
        onChange={(event) => onChange({ isLicensedOnly: event.currentTarget.checked })}
      />
    </>
  );
}
