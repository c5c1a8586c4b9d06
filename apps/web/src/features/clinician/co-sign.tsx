import { readCoSignature } from "@galen/gateway/fhir/co-signature";
import { createCoSignature, isCoSignable } from "@galen/gateway/fhir/create-co-signature";
import { isPrescription } from "@galen/gateway/fhir/prescription";
import { Button } from "@mantine/core";
import { IconSignature } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ChartDocument } from "../../chart/chart.ts";
import { useCheckedCoSignatures } from "../../chart/co-signatures.tsx";
import { usePrescriber } from "../../chart/prescriber-note.tsx";
import { hasLicence, useHeldCredentials } from "../../credentials/held-credentials.ts";
import { useTexts } from "../../frame/texts.ts";
import { shortId, useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";
import { useWriting } from "../../records/use-writing.ts";
import { notify } from "../../ui/notify.ts";
import { Failure, Loading } from "../../ui/state.tsx";
import { Card, Note, Section } from "../../ui/surface.tsx";
import styles from "./clinician.module.css";
import { askAddress } from "./co-sign-link.ts";
import { coSignTexts } from "./co-sign-texts.ts";
import { NotCoSignableError, requireCoSignable } from "./may-co-sign.ts";
import { usePatientName } from "./patients-page.tsx";
import { useHistory } from "./stated-since.tsx";
import { WritingFailure } from "./writing-failure.tsx";

interface CoSignProps {
  readonly account: string;
  readonly record: OpenedRecord;
  readonly document: ChartDocument;
}

/**
 * Beside a note or a prescription: its author asks for a co-signature, a colleague gives one. It comes once what is to be known of the document stands above it: so
 * nobody signs before that was there to be read, and nothing moves under the finger that presses.
 */
export function CoSign(props: CoSignProps) {
  const { record, document } = props;
  const above = [usePrescriber(document), useCheckedCoSignatures(document, record.documents), useHistory(document.objectId)];
  if (!isCoSignable(document.content) || above.some(({ isLoading }) => isLoading)) return null;
  return <AskOrGive {...props} />;
}

function AskOrGive(props: CoSignProps) {
  const t = useTexts(coSignTexts);
  const { account, record, document } = props;
  const { own, saved } = usePerson();
  if (document.author === own.account) {
    return (
      <div data-screen-only className={styles.after}>
        <Button
          component={Link}
          to={askAddress({ owner: account, objectId: document.objectId })}
          variant="default"
          leftSection={<IconSignature size={20} />}
        >
          {t("ask")}
        </Button>
      </div>
    );
  }
  const isDone = record.documents.some(
    ({ author, statementOn, content }) => author === own.account && statementOn === document.objectId && readCoSignature(content),
  );
  // A co-signature is a person's, for a house.
  if (isDone || saved.worksFor === undefined) return null;
  return (
    <div data-screen-only>
      <Section title={t("title")}>
        <Card className={styles.sheet}>
          {isPrescription(document.content) ? <WithLicence {...props} /> : <CoSignForm {...props} house={saved.worksFor} />}
        </Card>
      </Section>
    </div>
  );
}

function WithLicence(props: CoSignProps) {
  const t = useTexts(coSignTexts);
  const { own, saved } = usePerson();
  const { data: held, error, refetch } = useHeldCredentials(own.account);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!held) return <Loading>{t("licenceLoading")}</Loading>;
  return hasLicence(held) ? <CoSignForm {...props} house={saved.worksFor!} /> : <Note tone="warn">{t("licence")}</Note>;
}

function CoSignForm({ account, record, document, house }: CoSignProps & { readonly house: string }) {
  const t = useTexts(coSignTexts);
  const names = useNames();
  const { own } = usePerson();
  const name = usePatientName()(account);
  const { mutateAsync, error, isPending } = useWriting({ owner: account, record });
  async function sign(): Promise<void> {
    const title = t("document");
    const { objectId, content, compartment } = document;
    await mutateAsync({
      title,
      statementOn: document,
      check: (client) => requireCoSignable(client, { own, owner: account, document, record }),
      write: (authorship) => createCoSignature({ ...authorship, title, signed: { objectId, content, compartment } }),
    });
    void notify({ title: t("done"), message: t("doneText", { name }) });
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        // What went wrong is shown from the mutation.
        void sign().catch(() => undefined);
      }}
    >
      <p className={styles.quiet}>{t("text", { house: names.get(house)?.name ?? shortId(house) })}</p>
      <WritingFailure account={account} error={error} words={error instanceof NotCoSignableError ? t(`not.${error.why}`) : undefined} />
      <Button type="submit" size="lg" leftSection={<IconSignature size={22} />} loading={isPending}>
        {t("sign")}
      </Button>
    </form>
  );
}
