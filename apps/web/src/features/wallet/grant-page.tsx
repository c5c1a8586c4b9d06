import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { Button, Chip, Radio } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { usePurposeWords } from "../../chart/purpose-words.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useTexts } from "../../frame/texts.ts";
import { useNames } from "../../keys/names.ts";
import { saveContact } from "../../keys/people-store.ts";
import { usePerson } from "../../keys/person.ts";
import { useOwnChart } from "../../records/own-chart.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import styles from "./access.module.css";
import { accessTexts } from "./access-texts.ts";
import { areas, type Draft, emptyDraft, grantMessage, purposes, spans } from "./grant-draft.ts";
import { GrantPreview } from "./grant-preview.tsx";
import { WhoField } from "./who-field.tsx";

/** Giving access in four questions, with what it comes to always in sight. */
export function Page() {
  const t = useTexts(accessTexts);
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(location.hash));
  const { data: chart } = useOwnChart();
  const giving = useGiving(draft);
  const isReady = draft.to !== undefined && (draft.what === "everything" || draft.areas.length > 0);
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
          <Questions draft={draft} onChange={(part) => setDraft((before) => ({ ...before, ...part }))} />
          <GrantPreview draft={draft} documents={chart?.documents ?? []} />
          {giving.error && !(giving.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(giving.error).text}</Note>}
          <Button type="submit" size="lg" disabled={!isReady} loading={giving.isPending}>
            {t("sign")}
          </Button>
        </form>
      </Card>
    </>
  );
}

interface QuestionProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

function Questions({ draft, onChange }: QuestionProps) {
  const t = useTexts(accessTexts);
  const purposeWords = usePurposeWords();
  return (
    <>
      <WhoField value={draft.to} onChange={(to) => onChange({ to })} />
      <WhatField draft={draft} onChange={onChange} />
      <Choice label={t("why")}>
        <Chips values={purposes} chosen={draft.purpose} labelOf={purposeWords} onChange={(purpose) => onChange({ purpose })} />
      </Choice>
      <Choice label={t("howLong")}>
        <Chips values={spans} chosen={draft.days} labelOf={(days) => t(`span.${days}`)} onChange={(days) => onChange({ days })} />
      </Choice>
    </>
  );
}

function WhatField({ draft: { what, areas: chosen }, onChange }: QuestionProps) {
  const t = useTexts(accessTexts);
  const area = useTexts(compartmentTexts);
  return (
    <Choice label={t("what")}>
      <Radio.Group aria-label={t("what")} value={what} onChange={(value) => onChange({ what: value })}>
        <div className={styles.choices}>
          <Radio size="md" value="everything" label={t("whatEverything")} />
          <Radio size="md" value="areas" label={t("whatAreas")} />
        </div>
      </Radio.Group>
      {what === "areas" && (
        <Chip.Group multiple value={[...chosen]} onChange={(value) => onChange({ areas: areas.filter((name) => value.includes(name)) })}>
          <div className={styles.choices}>
            {areas.map((name) => (
              <Chip key={name} size="md" value={name}>
                {area(name)}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      )}
    </Choice>
  );
}

interface ChipsProps<Value extends string | number> {
  readonly values: readonly Value[];
  readonly chosen: Value;
  readonly labelOf: (value: Value) => string;
  readonly onChange: (value: Value) => void;
}

/** One of a few. */
function Chips<Value extends string | number>({ values, chosen, labelOf, onChange }: ChipsProps<Value>) {
  return (
    <Chip.Group value={String(chosen)} onChange={(text) => onChange(values.find((value) => String(value) === text) ?? chosen)}>
      <div className={styles.choices}>
        {values.map((value) => (
          <Chip key={value} size="md" value={String(value)}>
            {labelOf(value)}
          </Chip>
        ))}
      </div>
    </Chip.Group>
  );
}

function Choice({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {children}
    </fieldset>
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
