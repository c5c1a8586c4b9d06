import { Button, FileButton } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../frame/texts.ts";
import { Sheet } from "../ui/sheet.tsx";
import { Note } from "../ui/surface.tsx";
import { pixelsOf, readCode, readCodeInFile } from "./read-code.ts";
import styles from "./scan.module.css";
import { scanTexts } from "./texts.ts";

const PAUSE_MS = 150;

interface ScanSheetProps {
  readonly onFound: (text: string) => void;
  readonly onClose: () => void;
}

/** Reads a QR code by the camera, or from a picture where the camera is refused. Nothing that is seen leaves the browser. */
export function ScanSheet({ onFound, onClose }: ScanSheetProps) {
  const t = useTexts(scanTexts);
  const [state, setState] = useState<"starting" | "seeing" | "refused">("starting");
  const [isEmpty, setEmpty] = useState(false);
  const video = useCamera({ onFound, onState: setState });

  async function readPicture(file: File | null): Promise<void> {
    const text = file && (await readCodeInFile(file));
    if (text) onFound(text);
    else setEmpty(file !== null);
  }

  return (
    <Sheet opened onClose={onClose} title={t("title")}>
      <div className={styles.sheet}>
        {state === "refused" ? <Note tone="warn">{t("refused")}</Note> : <video ref={video} className={styles.video} muted playsInline />}
        {state !== "refused" && <p className={styles.hint}>{t(state === "seeing" ? "hint" : "starting")}</p>}
        {isEmpty && <Note tone="bad">{t("nothing")}</Note>}
        <FileButton accept="image/*" onChange={(file) => void readPicture(file)}>
          {(props) => (
            <Button variant="default" size="lg" {...props}>
              {t("picture")}
            </Button>
          )}
        </FileButton>
      </div>
    </Sheet>
  );
}

interface CameraOptions {
  readonly onFound: (text: string) => void;
  readonly onState: (state: "seeing" | "refused") => void;
}

/** Looks through the camera into a video element until a code is found or the element goes. */
function useCamera({ onFound, onState }: CameraOptions) {
  const video = useRef<HTMLVideoElement>(null);
  const handlers = useRef({ onFound, onState });
  handlers.current = { onFound, onState };
  useEffect(() => {
    const gone = new AbortController();
    look(video.current!, gone.signal, () => handlers.current.onState("seeing")).then(
      (text) => text !== undefined && handlers.current.onFound(text),
      () => handlers.current.onState("refused"),
    );
    return () => gone.abort();
  }, []);
  return video;
}

async function look(video: HTMLVideoElement, gone: AbortSignal, onSeeing: () => void): Promise<string | undefined> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    onSeeing();
    while (!gone.aborted) {
      const text = await readCode(pixelsOf(video, { width: video.videoWidth, height: video.videoHeight }));
      if (text !== undefined) return text;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
