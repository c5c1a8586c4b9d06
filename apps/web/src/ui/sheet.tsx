import type { ModalProps } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

const OpenedSheet = lazy(async () => ({ default: (await import("./opened-sheet.tsx")).OpenedSheet }));

/** A sheet over the page, loaded when it opens first: no page shows one from the start. */
export function Sheet(props: ModalProps) {
  const [isWanted, setWanted] = useState(false);
  if (props.opened && !isWanted) setWanted(true);
  if (!isWanted) return null;
  return (
    <Suspense>
      <OpenedSheet {...props} />
    </Suspense>
  );
}
