import { readCoSignature } from "@galen/gateway/fhir/co-signature";
import { type CheckedCoSignature, checkCoSignatures } from "@galen/gateway/reading/co-signatures";
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconSignature } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { describeFailure } from "../frame/failure.ts";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { useNetwork } from "../network/network.tsx";
import { LongList } from "../ui/long-list.tsx";
import { Note } from "../ui/surface.tsx";
import type { ChartDocument } from "./chart.ts";
import { useChartPlace } from "./chart-place.ts";
import { coSignatureTexts } from "./co-signature-texts.ts";
import styles from "./document-content.module.css";

interface CoSignaturesProps {
  readonly document: ChartDocument;
  readonly among: readonly ChartDocument[];
}

/** Who has co-signed a document, and what only looks like it; of a co-signature, under what it stands. */
export function CoSignatures({ document, among }: CoSignaturesProps) {
  if (!readCoSignature(document.content)) return <Checked signed={document} among={among} />;
  const signed = among.find(({ objectId }) => objectId === document.statementOn);
  return (
    <>
      <AboutAnother signed={signed} />
      {signed && <Checked signed={signed} among={among} only={document.objectId} />}
    </>
  );
}

function AboutAnother({ signed }: { readonly signed: ChartDocument | undefined }) {
  const t = useTexts(coSignatureTexts);
  const { addressOf } = useChartPlace();
  return (
    <div className={styles.prescriber}>
      <Note tone="brand" icon={<IconSignature size={24} aria-hidden="true" />}>
        {t("about")}
        <br />
        {signed ? <Link to={addressOf(signed.objectId)}>{t("look")}</Link> : t("aboutMissing")}
      </Note>
    </div>
  );
}

/** The co-signatures under a document, and what each is worth; nothing is asked where none is open. */
export function useCheckedCoSignatures(signed: ChartDocument, among: readonly ChartDocument[]) {
  const network = useNetwork();
  return useQuery({
    // Asked anew with the licences of prescribers.
    queryKey: ["prescriber", "co-signatures", signed.objectId, among.map(({ objectId }) => objectId)],
    enabled: network.data !== undefined && among.some(({ content }) => readCoSignature(content)),
    queryFn: () => checkCoSignatures(network.data!.client, signed, among),
  });
}

interface CheckedProps {
  readonly signed: ChartDocument;
  readonly among: readonly ChartDocument[];
  /** The one co-signature of which to tell; all of them unless given. */
  readonly only?: string;
}

function Checked({ signed, among, only }: CheckedProps) {
  const t = useTexts(coSignatureTexts);
  const network = useNetwork();
  const { data, error } = useCheckedCoSignatures(signed, among);
  const failure = network.error ?? error;
  if (failure) {
    return (
      <div className={styles.prescriber}>
        <Note tone="warn" icon={<IconCircleDashed size={24} aria-hidden="true" />}>
          <strong>{t("unchecked")}</strong>
          <br />
          {describeFailure(failure).text}
        </Note>
      </div>
    );
  }
  if (!data) return <p role="status">{t("checking")}</p>;
  const told = data.filter(({ objectId }) => only === undefined || objectId === only);
  return (
    <LongList items={told}>
      {(shown) => shown.map((coSignature) => <CoSignatureNote key={coSignature.objectId} coSignature={coSignature} />)}
    </LongList>
  );
}

function CoSignatureNote({ coSignature }: { readonly coSignature: CheckedCoSignature }) {
  const { author, organisation = "", filedAt, verdict, standing } = coSignature;
  const t = useTexts(coSignatureTexts);
  const formats = useFormats();
  const names = useNames();
  const nameOf = (account: string) => names.get(account)?.name ?? shortId(account);
  const values = { author: nameOf(author), house: nameOf(organisation), day: formats.date(filedAt) };
  return (
    <div className={styles.prescriber}>
      {verdict === "holds" ? (
        <Note tone="good" icon={<IconCircleCheck size={24} aria-hidden="true" />}>
          <strong>{t("holds", values)}</strong>
          <br />
          {t(standing === undefined ? "holdsText" : "holdsLicensedText", values)}
        </Note>
      ) : (
        <Note tone="warn" icon={<IconCircleX size={24} aria-hidden="true" />}>
          <strong>{t("none")}</strong>
          <br />
          {t(verdict, values)}
        </Note>
      )}
    </div>
  );
}
