import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { GrantPreview } from "../../access/grant-preview.tsx";
import { areas, endOf, opensSomething } from "../../access/grant-terms.ts";
import { TermsFields } from "../../access/terms-fields.tsx";
import type { ChartDocument } from "../../chart/chart.ts";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { saveContact } from "../../keys/people-store.ts";
import { usePerson } from "../../keys/person.ts";
import { useAreaLabels, useOpenedDocuments } from "../../records/area-labels.ts";
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
  const { saved } = usePerson();
  const { owner = saved.account } = useParams({ strict: false }) as { readonly owner?: string };
  const name = useNames().get(owner)?.name ?? shortId(owner);
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(location.hash));
  const labels = useAreaLabels(owner);
  const documents = useDocumentsOf(owner);
  const known = areas.filter((area) => labels.has(area));
  // What cannot be named here is not given either, and not spoken of.
  const given = { ...draft, areas: draft.areas.filter((area) => labels.has(area)) };
  const giving = useGiving(owner, given);
  const { to } = given;
  const isReady = to !== undefined && opensSomething(given);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <>
      <PageHeader title={owner === saved.account ? t("newTitle") : t("newTitleOf", { name })} lead={t("newLead")} />
      <Card className={styles.sheet}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            giving.mutate();
          }}
        >
          <WhoField value={draft.to} onChange={(to) => change({ to })} />
          <TermsFields terms={given} known={known} onChange={change} />
          <GrantPreview {...draft} to={to && (to.name || shortId(to.account))} until={endOf(given, Date.now())} documents={documents} />
          {giving.error && !(giving.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(giving.error).text}</Note>}
          <Button type="submit" size="lg" disabled={!isReady} loading={giving.isPending}>
            {t("sign")}
          </Button>
        </form>
      </Card>
    </>
  );
}

/** What a grant would open today; undefined where it is not open here. */
function useDocumentsOf(owner: string): readonly ChartDocument[] | undefined {
  const { saved } = usePerson();
  const { data: own } = useOwnChart();
  const opened = useOpenedDocuments(owner);
  return owner === saved.account ? (own?.documents ?? []) : opened;
}

/** Signs the grant and remembers whom it names. */
function useGiving(owner: string, draft: Draft) {
  const t = useTexts(accessTexts);
  const area = useTexts(compartmentTexts);
  const labels = useAreaLabels(owner);
  const names = useNames();
  const sign = useSigning();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      const { to } = draft;
      if (!to) return;
      const areaNames = new Map([...labels].flatMap(([name, ofArea]) => ofArea.map((label) => [label, area(name)] as const)));
      if (!names.has(to.account) && to.name !== "") await saveContact(to);
      const named = (id: string) => areaNames.get(id) ?? (id === to.account && to.name !== "" ? to.name : undefined);
      await sign({ messages: [grantMessage(draft, { owner, labels, now: Date.now() })], names: named });
    },
    async onSuccess() {
      void notify({ title: t("given", { name: draft.to?.name ?? "" }), message: t("newLead") });
      await queries.invalidateQueries({ queryKey: ["names"] });
      await queries.invalidateQueries({ queryKey: ["own-grants"] });
      await navigate({ to: "/wallet/access" });
    },
  });
}
