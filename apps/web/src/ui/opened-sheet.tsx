import { Modal, type ModalProps } from "@mantine/core";
import { frameTexts } from "../frame/frame-texts.ts";
import { useTexts } from "../frame/texts.ts";

/** What `Sheet` shows, with a way out that everybody finds. */
export function OpenedSheet(props: ModalProps) {
  const t = useTexts(frameTexts);
  // Mantine's own lock of the page's scroll writes a style element, which the content security policy refuses; styles.css does it.
  return <Modal centered lockScroll={false} closeButtonProps={{ "aria-label": t("dismiss"), size: "lg" }} {...props} />;
}
