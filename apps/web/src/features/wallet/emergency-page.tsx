import type { Setting } from "@galen/ledger/modules/emergency/schema";
import { settings } from "@galen/ledger/modules/emergency/state";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { readProven } from "@galen/sdk/proofs/read-proven";
import { Button, Chip, Radio } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { areas } from "../../access/grant-terms.ts";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { useChain } from "../../network/use-chain.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader, Section } from "../../ui/surface.tsx";
import styles from "./emergency.module.css";
import { draftOf, type EmergencyDraft, emergencyMessage, isSame } from "./emergency-draft.ts";
import { EmergencyReadings } from "./emergency-readings.tsx";
import { emergencyTexts } from "./emergency-texts.ts";

/** What opens when its owner cannot be asked, and what was opened so. */
export function Page() {
  const t = useTexts(emergencyTexts);
  const { own } = usePerson();
  const { data, error, isPending, refetch } = useChain(["emergency-setting", own.account], (client) =>
    readProven(client, settings, own.account),
  );
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Present setting={data.value} />
          {/* A new decision begins with what holds then. */}
          <Decision key={data.value?.since ?? 0} setting={data.value} />
        </>
      )}
      <EmergencyReadings />
    </>
  );
}

function Present({ setting }: { readonly setting: Setting | undefined }) {
  const t = useTexts(emergencyTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const { own } = usePerson();
  const { what, areas: chosen } = draftOf(setting, own);
  const words = {
    nothing: () => t("nowNothing"),
    everything: () => t("nowEverything"),
    areas: () => t("nowAreas", { areas: formats.list(chosen.map((name) => area(name))) }),
  }[what]();
  return (
    <Card className={styles.now}>
      <h2>{t("nowTitle")}</h2>
      <p>{words}</p>
      {setting && <p className={styles.quiet}>{t("since", { at: formats.dateTime(setting.since) })}</p>}
    </Card>
  );
}

function Decision({ setting }: { readonly setting: Setting | undefined }) {
  const t = useTexts(emergencyTexts);
  const { own } = usePerson();
  const present = draftOf(setting, own);
  const [draft, setDraft] = useState<EmergencyDraft>(present);
  const deciding = useDeciding(draft);
  const isReady = !isSame(draft, present) && (draft.what !== "areas" || draft.areas.length > 0);
  return (
    <Section title={t("question")}>
      <Card>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            deciding.mutate();
          }}
        >
          <WhatField draft={draft} onChange={setDraft} />
          <p className={styles.quiet}>{draft.what === "nothing" ? t("nothingText") : t("who")}</p>
          {deciding.error && !(deciding.error instanceof NotSignedError) && <Note tone="bad">{describeFailure(deciding.error).text}</Note>}
          <Button type="submit" size="lg" disabled={!isReady} loading={deciding.isPending}>
            {t("sign")}
          </Button>
        </form>
      </Card>
    </Section>
  );
}

interface WhatFieldProps {
  readonly draft: EmergencyDraft;
  readonly onChange: (draft: EmergencyDraft) => void;
}

function WhatField({ draft, onChange }: WhatFieldProps) {
  const t = useTexts(emergencyTexts);
  const area = useTexts(compartmentTexts);
  return (
    <>
      <Radio.Group aria-label={t("question")} value={draft.what} onChange={(value) => onChange({ ...draft, what: value })}>
        <div className={styles.choices}>
          <Radio size="md" value="areas" label={t("areas")} />
          <Radio size="md" value="everything" label={t("everything")} />
          <Radio size="md" value="nothing" label={t("nothing")} />
        </div>
      </Radio.Group>
      {draft.what === "areas" && (
        <fieldset className={styles.areas}>
          <legend>{t("areasLabel")}</legend>
          <Chip.Group
            multiple
            value={[...draft.areas]}
            onChange={(value) => onChange({ ...draft, areas: areas.filter((name) => value.includes(name)) })}
          >
            {areas.map((name) => (
              <Chip key={name} size="md" value={name}>
                {area(name)}
              </Chip>
            ))}
          </Chip.Group>
        </fieldset>
      )}
    </>
  );
}

/** Signs the decision, with areas by their names. */
function useDeciding(draft: EmergencyDraft) {
  const t = useTexts(emergencyTexts);
  const area = useTexts(compartmentTexts);
  const { own } = usePerson();
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      const labels = new Map(areas.map((name) => [compartmentLabel(own.keys.compartmentKey, name), area(name)]));
      await sign({ messages: [emergencyMessage(draft, own)], names: (id) => labels.get(id) });
    },
    async onSuccess() {
      void notify({ title: t("saved"), message: t("savedText") });
      await queries.invalidateQueries({ queryKey: ["chain", "emergency-setting"] });
    },
  });
}
