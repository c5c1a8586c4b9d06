import type { JsonObject } from "@galen/gateway";
import { type Attachment, readAttachments } from "@galen/gateway/fhir/attachments";
import { cardCode, parseCards } from "@galen/gateway/health-card/card-code";
import { HealthCardError } from "@galen/gateway/health-card/health-card-error";
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconFile, IconPrinter } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { CardVerdict } from "../health-card/card-verdict.tsx";
import { saveFile } from "../records/save-file.ts";
import { LongList } from "../ui/long-list.tsx";
import { QrCode } from "../ui/qr-code.tsx";
import { Card, Note } from "../ui/surface.tsx";
import { attachmentTexts } from "./attachment-texts.ts";
import styles from "./attachments.module.css";
import { ImageViewer } from "./image-viewer.tsx";

/** The files inside a document: images and PDF shown from memory, everything else handed over and never run. */
export function Attachments({ content }: { readonly content: JsonObject }) {
  const t = useTexts(attachmentTexts);
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  useEffect(() => {
    let isGone = false;
    void readAttachments(content).then((read) => !isGone && setAttachments(read));
    return () => {
      isGone = true;
    };
  }, [content]);
  if (attachments.length === 0) return null;
  return (
    <Card className={styles.card}>
      <h2 className={styles.heading}>{t("title")}</h2>
      <LongList items={attachments}>
        {(shown) => (
          <ul className={styles.files}>
            {shown.map((attachment, index) => (
              <li key={index}>
                <File attachment={attachment} number={index + 1} />
              </li>
            ))}
          </ul>
        )}
      </LongList>
    </Card>
  );
}

function File({ attachment, number }: { readonly attachment: Attachment; readonly number: number }) {
  const t = useTexts(attachmentTexts);
  const { kind, fault, bytes } = attachment;
  const name = attachment.title || `${t(kind === "image" ? "image" : "file")} ${number}`;
  if (fault !== undefined) {
    return (
      <FileRow name={name} attachment={attachment}>
        <Note tone="bad">{t(`fault.${fault}`)}</Note>
      </FileRow>
    );
  }
  if (kind === "image") return <ImageFile name={name} attachment={attachment} />;
  if (kind === "card") return <CardFile name={name} attachment={attachment} />;
  if (kind === "pdf") return <PdfFile name={name} attachment={attachment} />;
  return (
    <FileRow name={name} attachment={attachment}>
      {kind === "text" ? <TextWords bytes={bytes} /> : <Note tone="warn">{t("notShown")}</Note>}
    </FileRow>
  );
}

/** Some ten pages: a phone lays them out while one waits. */
const MAX_TEXT_LENGTH = 20_000;

function TextWords({ bytes }: Pick<Attachment, "bytes">) {
  const t = useTexts(attachmentTexts);
  const text = new TextDecoder().decode(bytes);
  return (
    <>
      <pre className={styles.words}>{text.slice(0, MAX_TEXT_LENGTH)}</pre>
      {text.length > MAX_TEXT_LENGTH && <Note tone="brand">{t("textCut")}</Note>}
    </>
  );
}

interface FileProps {
  readonly name: string;
  readonly attachment: Attachment;
}

function FileRow({ name, attachment: { bytes, contentType }, children }: FileProps & { readonly children?: ReactNode }) {
  const t = useTexts(attachmentTexts);
  const formats = useFormats();
  return (
    <>
      <div className={styles.row}>
        <span className={styles.icon} aria-hidden="true">
          <IconFile size={24} />
        </span>
        <span className={styles.name}>
          <strong>{name}</strong>
          <span className={styles.facts}>
            {contentType} {bytes.length > 0 && formats.bytes(bytes.length)}
          </span>
        </span>
        {bytes.length > 0 && (
          <Button
            variant="light"
            aria-label={t("saveOf", { name })}
            leftSection={<IconDownload size={20} aria-hidden="true" />}
            onClick={() => saveFile(fileName(name, contentType), bytes, "application/octet-stream")}
            data-screen-only
          >
            {t("save")}
          </Button>
        )}
      </div>
      {children}
    </>
  );
}

/** An address of bytes in memory, for as long as the component is there. The type is one that the bytes were checked for. */
function useAddress(bytes: Uint8Array<ArrayBuffer>, type: string): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  return address;
}

function ImageFile({ name, attachment }: FileProps) {
  const t = useTexts(attachmentTexts);
  const address = useAddress(attachment.bytes, attachment.contentType);
  const [isDamaged, setDamaged] = useState(false);
  const [isOpen, opening] = useDisclosure();
  return (
    <FileRow name={name} attachment={attachment}>
      {isDamaged && <Note tone="bad">{t("fault.picture")}</Note>}
      {address !== undefined && !isDamaged && (
        <button type="button" className={styles.preview} onClick={opening.open} aria-label={t("openOf", { name })}>
          <img src={address} alt={name} onError={() => setDamaged(true)} />
        </button>
      )}
      {address !== undefined && <ImageViewer name={name} address={address} isOpen={isOpen} onClose={opening.close} />}
    </FileRow>
  );
}

/** By the viewer that the browser has built in, which runs apart from the page; where it has none, the file is handed over. */
function PdfFile({ name, attachment }: FileProps) {
  const t = useTexts(attachmentTexts);
  const address = useAddress(attachment.bytes, attachment.contentType);
  return (
    <FileRow name={name} attachment={attachment}>
      {!navigator.pdfViewerEnabled && <Note tone="brand">{t("pdfElsewhere")}</Note>}
      {navigator.pdfViewerEnabled && address !== undefined && <iframe className={styles.pdf} src={address} title={name} />}
    </FileRow>
  );
}

/** A SMART Health Card, to be shown where one is asked for: its code, and whether it holds, as whoever scans it will see. */
function CardFile({ name, attachment }: FileProps) {
  const t = useTexts(attachmentTexts);
  const cards = cardsIn(attachment);
  return (
    <FileRow name={name} attachment={attachment}>
      {cards.length === 0 && <Note tone="bad">{t("fault.card")}</Note>}
      {cards.map(({ jws, code }) => (
        <div key={jws} className={styles.healthCard}>
          <CardVerdict jws={jws} />
          <QrCode text={code} label={name} isDense />
        </div>
      ))}
      {cards.length > 0 && (
        <div className={styles.row} data-screen-only>
          <p className={styles.hint}>{t("card")}</p>
          <Button variant="default" leftSection={<IconPrinter size={20} aria-hidden="true" />} onClick={() => print()}>
            {t("print")}
          </Button>
        </div>
      )}
    </FileRow>
  );
}

function cardsIn({ bytes }: Attachment): readonly { readonly jws: string; readonly code: string }[] {
  try {
    return parseCards(new TextDecoder().decode(bytes)).map((jws) => ({ jws, code: cardCode(jws) }));
  } catch (error) {
    if (error instanceof HealthCardError) return [];
    throw error;
  }
}

const endings: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "application/pdf": "pdf",
  "text/plain": "txt",
  "application/smart-health-card": "smart-health-card",
};

/** Only types that are harmless to open get their ending. */
function fileName(name: string, contentType: string): string {
  const stem = name.replaceAll(/[^\p{L}\p{N} _-]/gu, "_").slice(0, 60);
  return `${stem}.${Object.hasOwn(endings, contentType) ? endings[contentType] : "bin"}`;
}
