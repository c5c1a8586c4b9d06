import { Button, FileButton, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileUpload, IconScan } from "@tabler/icons-react";
import { type DragEvent, lazy, Suspense, useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { Actions, Card, Note } from "../../ui/surface.tsx";
import styles from "./check.module.css";
import { type Input, MAX_FILE_BYTES, parseInput } from "./input.ts";
import { checkTexts } from "./texts.ts";

const ScanSheet = lazy(async () => ({ default: (await import("../../scan/scan-sheet.tsx")).ScanSheet }));

/** Paste, drop, choose or scan. */
export function CheckForm({ onInput }: { readonly onInput: (input: Input) => void }) {
  const t = useTexts(checkTexts);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<"neither" | "tooLarge" | "unreadable">();
  const [isScanning, scanning] = useDisclosure();

  function take(given: string): void {
    const input = parseInput(given);
    setProblem(input ? undefined : "neither");
    if (input) onInput(input);
  }

  async function takeFile(file: File | null | undefined): Promise<void> {
    if (!file) return;
    if (file.size > MAX_FILE_BYTES) return setProblem("tooLarge");
    // It may have changed, or gone, since it was chosen.
    const given = await file.text().catch(() => undefined);
    if (given === undefined) setProblem("unreadable");
    else take(given);
  }

  return (
    <Card>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          take(text);
        }}
      >
        <DropZone onFile={(file) => void takeFile(file)} onScan={scanning.open} />
        <Textarea
          label={t("what")}
          description={t("hint")}
          rows={4}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {problem !== undefined && <Note tone="bad">{t(problem)}</Note>}
        <Button type="submit" size="lg" disabled={text.trim() === ""}>
          {t("check")}
        </Button>
      </form>
      {isScanning && <Scan onClose={scanning.close} onFound={take} />}
    </Card>
  );
}

function Scan({ onClose, onFound }: { readonly onClose: () => void; readonly onFound: (text: string) => void }) {
  return (
    <Suspense>
      <ScanSheet
        onClose={onClose}
        onFound={(text) => {
          onClose();
          onFound(text);
        }}
      />
    </Suspense>
  );
}

interface DropZoneProps {
  readonly onFile: (file: File | null | undefined) => void;
  readonly onScan: () => void;
}

function DropZone({ onFile, onScan }: DropZoneProps) {
  const t = useTexts(checkTexts);
  const [isOver, setOver] = useState(false);
  const over = (isInside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(isInside);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same for everybody.
    <div
      className={styles.drop}
      data-over={isOver ? "" : undefined}
      onDragOver={over(true)}
      onDragLeave={over(false)}
      onDrop={(event) => {
        over(false)(event);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      <IconFileUpload size={36} aria-hidden="true" />
      <strong>{t("drop")}</strong>
      <span className={styles.quiet}>{t("or")}</span>
      <Actions>
        <FileButton onChange={onFile} accept="application/json,.json,application/smart-health-card,.smart-health-card">
          {(props) => (
            <Button variant="light" {...props}>
              {t("choose")}
            </Button>
          )}
        </FileButton>
        <Button variant="light" leftSection={<IconScan size={20} />} onClick={onScan}>
          {t("scan")}
        </Button>
      </Actions>
    </div>
  );
}
