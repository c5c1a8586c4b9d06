import { Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { Actions } from "../../ui/surface.tsx";
import { droppedFiles, type Found, filesAsNamed, filesOfFolder } from "./dropped-files.ts";
import styles from "./hospital.module.css";
import { hospitalTexts } from "./texts.ts";

interface FileDropProps {
  readonly isDisabled: boolean;
  /** Rejects where the device cannot read a folder. */
  readonly onFiles: (found: Promise<Found>) => void;
}

/** Takes files and folders, dropped or chosen. */
export function FileDrop({ isDisabled, onFiles }: FileDropProps) {
  const t = useTexts(hospitalTexts);
  const [isOver, setOver] = useState(false);
  const take = (found: Promise<Found>) => {
    if (!isDisabled) onFiles(found);
  };
  function over(event: DragEvent): void {
    event.preventDefault();
    setOver(true);
  }
  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    take(droppedFiles(event.dataTransfer));
  }
  return (
    <fieldset
      className={styles.drop}
      aria-label={t("dropTitle")}
      data-over={isOver ? "" : undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span className={styles.dropIcon} aria-hidden="true">
        <IconFileImport size={30} />
      </span>
      <strong>{t("dropTitle")}</strong>
      <span className={styles.quiet}>{t("dropText")}</span>
      <Actions>
        <Chooser label={t("chooseFiles")} isDisabled={isDisabled} onFiles={(files) => take(Promise.resolve(filesAsNamed(files)))} />
        <Chooser
          label={t("chooseFolder")}
          isDisabled={isDisabled}
          isFolder
          onFiles={(files) => take(Promise.resolve(filesOfFolder(files)))}
        />
      </Actions>
    </fieldset>
  );
}

interface ChooserProps {
  readonly label: string;
  readonly isDisabled: boolean;
  readonly isFolder?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

function Chooser({ label, isDisabled, isFolder = false, onFiles }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null);
  // React's types do not know the attribute.
  useEffect(() => {
    input.current!.webkitdirectory = isFolder;
  }, [isFolder]);
  function choose({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    onFiles([...(currentTarget.files ?? [])]);
    // The same files may be chosen again after they were corrected.
    currentTarget.value = "";
  }
  return (
    <>
      <input ref={input} type="file" hidden multiple accept=".json,application/json" onChange={choose} />
      <Button variant={isFolder ? "default" : "filled"} disabled={isDisabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  );
}
