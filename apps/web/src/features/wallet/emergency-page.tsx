import type { Compartment } from "@galen/gateway/fhir/compartment";
import type { Setting } from "@galen/ledger/modules/emergency/schema";
import { settings } from "@galen/ledger/modules/emergency/state";
import { readProven } from "@galen/sdk/proofs/read-proven";
import { Button, Radio } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isTooWide } from "../../access/grant-terms.ts";
import { TooWide } from "../../access/terms-fields.tsx";
import { compartmentTexts } from "../../chart/compartment-texts.ts";
import { describeFailure } from "../../frame/failure.ts";
import { useFormats } from "../../frame/formats.ts";
import { useTexts } from "../../frame/texts.ts";
import { useChain } from "../../network/use-chain.ts";
import { type AreaLabels, useAreaLabels } from "../../records/area-labels.ts";
import { NotSignedError, useSigning } from "../../signing/signing.tsx";
import { Question, SeveralChips } from "../../ui/chips.tsx";
import { notify } from "../../ui/notify.ts";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, PageHeader, Section } from "../../ui/surface.tsx";
import { BackTo } from "./back-to.tsx";
import styles from "./emergency.module.css";
import { draftOf, type EmergencyDraft, emergencyMessage, isSame, missingLabels } from "./emergency-draft.ts";
import { EmergencyReadings } from "./emergency-readings.tsx";
import { emergencyTexts } from "./emergency-texts.ts";
import { useNameOfOther, useWhose, WhoseSwitch } from "./whose-switch.tsx";

/** What opens when its owner cannot be asked, and what was opened so; for oneself and for those for whom one acts. */
export function Page() {
  const t = useTexts(emergencyTexts);
  const [whose, setWhose] = useWhose();
  const name = useNameOfOther()(whose);
  return (
    <>
      <BackTo page="settings" />
      <PageHeader
        title={name === undefined ? t("title") : t("titleOf", { name })}
        lead={name === undefined ? t("lead") : t("leadOf", { name })}
      />
      <WhoseSwitch value={whose} onChange={setWhose} />
      <OfOwner key={whose} owner={whose} />
    </>
  );
}

function OfOwner({ owner }: { readonly owner: string }) {
  const t = useTexts(emergencyTexts);
  const { data, error, isPending, refetch } = useChain(["emergency-setting", owner], (client) => readProven(client, settings, owner));
  return (
    <>
      {isPending && <Loading>{t("loading")}</Loading>}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Present owner={owner} setting={data.value} />
          {/* A new decision begins with what holds then. */}
          <Decision key={data.value?.since ?? 0} owner={owner} setting={data.value} />
        </>
      )}
      <EmergencyReadings owner={owner} />
    </>
  );
}

interface SettingProps {
  readonly owner: string;
  readonly setting: Setting | undefined;
}

function Present({ owner, setting }: SettingProps) {
  const t = useTexts(emergencyTexts);
  const area = useTexts(compartmentTexts);
  const formats = useFormats();
  const { what, areas: chosen } = draftOf(setting, useAreaLabels(owner));
  const words = {
    nothing: () => t("nowNothing"),
    everything: () => t("nowEverything"),
    areas: () => (chosen.length > 0 ? t("nowAreas", { areas: formats.list(chosen.map((name) => area(name))) }) : t("nowSomeAreas")),
  }[what]();
  return (
    <Card className={styles.now}>
      <h2>{t("nowTitle")}</h2>
      <p>{words}</p>
      {setting && <p className={styles.quiet}>{t("since", { at: formats.dateTime(setting.since) })}</p>}
    </Card>
  );
}

function Decision({ owner, setting }: SettingProps) {
  const t = useTexts(emergencyTexts);
  const areaLabels = useAreaLabels(owner);
  const isOwn = useNameOfOther()(owner) === undefined;
  const present = draftOf(setting, areaLabels);
  // What holds may become known only when the records are open.
  const [draft = present, setDraft] = useState<EmergencyDraft>();
  const labels = areaLabels.labelsOf(draft.areas);
  const deciding = useDeciding(draft, { owner, labels, nameOf: areaLabels.nameOf });
  const isNew = !isSame(draft, present) || (draft.what === "areas" && missingLabels(setting, labels).length > 0);
  const isWide = isTooWide(draft, labels);
  const isReady = isNew && !isWide && (draft.what !== "areas" || (labels.length > 0 && !areaLabels.isPending));
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
          <WhatField draft={draft} known={areaLabels.known} onChange={setDraft} />
          <p className={styles.quiet}>{draft.what === "nothing" ? t("nothingText") : isOwn ? t("who") : t("whoOf")}</p>
          {isWide && <TooWide />}
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
  /** Areas that can be named here. */
  readonly known: readonly Compartment[];
  readonly onChange: (draft: EmergencyDraft) => void;
}

function WhatField({ draft, known, onChange }: WhatFieldProps) {
  const t = useTexts(emergencyTexts);
  const area = useTexts(compartmentTexts);
  return (
    <>
      <Radio.Group aria-label={t("question")} value={draft.what} onChange={(value) => onChange({ ...draft, what: value })}>
        <Radio size="md" value="areas" label={t("areas")} />
        <Radio size="md" value="everything" label={t("everything")} />
        <Radio size="md" value="nothing" label={t("nothing")} />
      </Radio.Group>
      {draft.what === "areas" && known.length === 0 && <Note tone="warn">{t("unknownAreas")}</Note>}
      {draft.what === "areas" && known.length > 0 && (
        <Question label={t("areasLabel")}>
          <SeveralChips values={known} chosen={draft.areas} labelOf={area} onChange={(names) => onChange({ ...draft, areas: names })} />
        </Question>
      )}
    </>
  );
}

interface Deciding extends Pick<AreaLabels, "nameOf"> {
  readonly owner: string;
  readonly labels: readonly string[];
}

/** Signs the decision, with areas by their names. */
function useDeciding(draft: EmergencyDraft, { owner, labels, nameOf }: Deciding) {
  const t = useTexts(emergencyTexts);
  const sign = useSigning();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn() {
      await sign({ messages: [emergencyMessage(draft, owner, labels)], names: nameOf });
    },
    async onSuccess() {
      void notify({ title: t("saved"), message: t("savedText") });
      await queries.invalidateQueries({ queryKey: ["chain", "emergency-setting"] });
    },
  });
}
