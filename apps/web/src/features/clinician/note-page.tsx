import { createNote, MAX_NOTE_LENGTH } from "@galen/gateway/fhir/clinical-note";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { useOpenedRecord } from "../../records/use-record.ts";
import { labelFor, useWriting } from "../../records/use-writing.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { notify } from "../../ui/notify.ts";
import { Card, Note, PageHeader } from "../../ui/surface.tsx";
import { AskCoSignature } from "./ask-co-signature.tsx";
import styles from "./clinician.module.css";
import { askAddress } from "./co-sign-link.ts";
import { NotOpen } from "./document-page.tsx";
import { usePatientName } from "./patients-page.tsx";
import { clinicianTexts } from "./texts.ts";
import { WritingFailure } from "./writing-failure.tsx";
import { WritingFor } from "./writing-for.tsx";

const MAX_TITLE_LENGTH = 120;

interface Draft {
  readonly title: string;
  readonly text: string;
  /** Whether a colleague is asked to co-sign it. */
  readonly asks: boolean;
}

/** A note into a record that is open in this tab. */
export function Page() {
  const { account } = useParams({ strict: false }) as { readonly account: string };
  const record = useOpenedRecord(account);
  return record ? <NoteForm account={account} record={record} /> : <NotOpen account={account} />;
}

function NoteForm({ account, record }: { readonly account: string; readonly record: OpenedRecord }) {
  const t = useTexts(clinicianTexts);
  const name = usePatientName()(account);
  const [draft, setDraft] = useState<Draft>({ title: "", text: "", asks: false });
  const navigate = useNavigate();
  const filing = useWriting({ owner: account, record });
  const recordAddress = `/clinician/patients/${account}`;
  async function file(): Promise<void> {
    const [title, text] = [draft.title.trim(), draft.text.trim()];
    const { objectId } = await filing.mutateAsync({ title, write: (authorship) => createNote({ ...authorship, title, text }) });
    void notify({ title: t("noteFiled"), message: t("noteFiledText", { name }) });
    await navigate({ to: draft.asks ? askAddress({ owner: account, objectId }) : recordAddress });
  }
  return (
    <>
      <BackLink to={recordAddress}>{t("back")}</BackLink>
      <PageHeader title={t("noteTitle", { name })} lead={t("noteLead")} />
      <Card className={styles.sheet}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            // What went wrong is shown from the mutation.
            void file().catch(() => undefined);
          }}
        >
          <Words draft={draft} onChange={setDraft} />
          <AskCoSignature checked={draft.asks} onChange={(asks) => setDraft({ ...draft, asks })} />
          <WhereItGoes isKnown={labelFor(record, "general") !== undefined} />
          <WritingFailure account={account} error={filing.error} />
          <Button type="submit" size="lg" loading={filing.isPending} disabled={draft.title.trim() === "" || draft.text.trim() === ""}>
            {t("noteSign")}
          </Button>
        </form>
      </Card>
    </>
  );
}

function Words({ draft, onChange }: { readonly draft: Draft; readonly onChange: (draft: Draft) => void }) {
  const t = useTexts(clinicianTexts);
  return (
    <>
      <TextInput
        label={t("noteSubject")}
        size="md"
        required
        maxLength={MAX_TITLE_LENGTH}
        value={draft.title}
        onChange={(event) => onChange({ ...draft, title: event.currentTarget.value })}
      />
      <Textarea
        label={t("noteText")}
        size="md"
        required
        rows={8}
        maxLength={MAX_NOTE_LENGTH}
        value={draft.text}
        onChange={(event) => onChange({ ...draft, text: event.currentTarget.value })}
      />
    </>
  );
}

function WhereItGoes({ isKnown }: { readonly isKnown: boolean }) {
  const t = useTexts(clinicianTexts);
  return (
    <Note tone="brand">
      <WritingFor />
      {t(isKnown ? "noteArea" : "noteAreaUnknown")}
    </Note>
  );
}
