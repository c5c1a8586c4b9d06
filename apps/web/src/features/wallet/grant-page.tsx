import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { GrantPreview } from "../../access/grant-preview.tsx";
import { areas, endOf, opensSomething } from "../../access/grant-terms.ts";
import { TermsFields } from "../../access/terms-fields.tsx";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { saveContact } from "../../keys/people-store.ts";
import { usePerson } from "../../keys/person.ts";
import { useOwnChart } from "../../records/own-chart.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./access.module.css";
import { accessTexts } from "./access-texts.ts";
import { type Draft, emptyDraft, grantMessage } from "./grant-draft.ts";
import { WhoField } from "./who-field.tsx";

/** Giving access in four questions, with what it comes to always in sight. */
export function Page() {
  const t = useTexts(accessTexts);
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(location.hash));
  const { data: chart } = useOwnChart();
  const giving = useGiving(draft);
  const { to } = draft;
  const isReady = to !== undefined && opensSomething(draft);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <>
      <PageHeader title={t("newTitle")} lead={t("newLead")} />
      <Card className={styles.sheet}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            giving.mutate();
          }}
        >
          <WhoField value={draft.to} onChange={(to) => change({ to })} />
          <TermsFields terms={draft} onChange={change} />
          <GrantPreview
            {...draft}
            to={to && (to.name || shortId(to.account))}
            until={endOf(draft, Date.now())}
            documents={chart?.documents ?? []}
          />
          {giving.error && !(giving.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(giving.error).text}</Note>}
          <Button type="submit" size="lg" disabled={!isReady} loading={giving.isPending}>
            {t("sign")}
          </Button>
        </form>
      </Card>
    </>
  );
}

/** Signs the grant and remembers whom it names. */
function useGiving(draft: Draft) {
  const t = useTexts(accessTexts);
  const area = useTexts(compartmentTexts);
  const { own } = usePerson();
  const names = useNames();
  const sign = useSigning();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      const { to } = draft;
      if (!to) return;
      const labels = new Map(areas.map((name) => [compartmentLabel(own.keys.compartmentKey, name), area(name)]));
      if (!names.has(to.account) && to.name !== "") await saveContact(to);
      const named = (id: string) => labels.get(id) ?? (id === to.account && to.name !== "" ? to.name : undefined);
      await sign({ messages: [grantMessage(draft, own, Date.now())], names: named });
    },
    async onSuccess() {
      void notify({ title: t("given", { name: draft.to?.name ?? "" }), message: t("newLead") });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: ["own-grants"] });
      await navigate({ to: "/wallet/access" });
    },
  });
}
