import type { DescribedAct } from "@galen/sdk/acts/describe-act";
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTexts } from "../frame/texts.ts";
import { Gist } from "../ui/gist.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { UNREAD_MS } from "../ui/standing.ts";
import { Actions, Note } from "../ui/surface.tsx";
import type { Question } from "./question.ts";
import styles from "./signing.module.css";
import { signingTexts } from "./texts.ts";

interface SheetProps {
  readonly question: Question;
  readonly answer: (isYes: boolean) => void;
}

/** The act in words, made from the very bytes that are signed, and a yes or no to it. */
export function SigningSheet({ question, answer }: SheetProps) {
  const t = useTexts(signingTexts);
  const { kind, body } = question;
  const isUnread = useUnread(question);
  return (
    <Sheet
      opened
      onClose={() => answer(false)}
      title={t("title")}
      size="lg"
      withCloseButton={kind !== "sending"}
      closeOnEscape={kind !== "sending"}
      closeOnClickOutside={false}
    >
      {body.acts.map((act, index) => (
        <ActWords key={index} act={act} />
      ))}
      <details className={styles.frame}>
        <summary>{t("frame")}</summary>
        <ul>
          {body.frame.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
      {kind === "lost" && (
        <div className={styles.lost}>
          <Note tone="warn">{t("lost")}</Note>
        </div>
      )}
      <Actions>
        <Button size="lg" loading={kind === "sending"} aria-disabled={isUnread} onClick={() => isUnread || answer(true)} data-autofocus>
          {t(kind === "lost" ? "again" : "sign")}
        </Button>
        <Button size="lg" variant="default" disabled={kind === "sending"} onClick={() => answer(false)}>
          {t(kind === "lost" ? "giveUp" : "refuse")}
        </Button>
      </Actions>
    </Sheet>
  );
}

/** Whether a question came just now, so that a press is the second of a double click, or was meant for what stood here before. */
function useUnread(question: Question): boolean {
  const [read, setRead] = useState<Question>();
  useEffect(() => {
    const timer = setTimeout(() => setRead(question), UNREAD_MS);
    return () => clearTimeout(timer);
  }, [question]);
  return read !== question;
}

/** One act as the SDK tells it; the acts that it carries are set in. */
export function ActWords({ act: { title, lines, inside } }: { readonly act: DescribedAct }) {
  return (
    <Gist>
      <h3>{title}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {inside.map((act, index) => (
        <ActWords key={index} act={act} />
      ))}
    </Gist>
  );
}
