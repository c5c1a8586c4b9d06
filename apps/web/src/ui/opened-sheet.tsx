import { Modal, type ModalProps } from "@mantine/core";
import { useEffect } from "react";
import { frameTexts } from "../frame/frame-texts.ts";
import { useTexts } from "../frame/texts.ts";

/** What `Sheet` shows, with a way out that everybody finds. */
export function OpenedSheet(props: ModalProps) {
  const t = useTexts(frameTexts);
  useFocusBack(props.opened);
  // Mantine's own lock of the page's scroll writes a style element, which the content security policy refuses; styles.css does it.
  return <Modal centered returnFocus={false} lockScroll={false} closeButtonProps={{ "aria-label": t("dismiss"), size: "lg" }} {...props} />;
}

/**
 * Gives the focus back to where a sheet took it from. Mantine's own way knows nothing of sheets that come opened, or go without being closed; and a button
 * whose act is on its way cannot have the focus until it can be pressed again.
 */
function useFocusBack(isOpened: boolean): void {
  useEffect(() => {
    if (!isOpened) return;
    const before = document.querySelector("main button[data-loading]") ?? document.activeElement;
    return () => {
      if (before instanceof HTMLButtonElement && before.disabled) focusWhenEnabled(before);
      else if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [isOpened]);
}

/** Unless something else has the focus by then. */
function focusWhenEnabled(button: HTMLButtonElement): void {
  const watcher = new MutationObserver(() => {
    watcher.disconnect();
    if (document.activeElement === document.body) button.focus({ preventScroll: true });
  });
  watcher.observe(button, { attributeFilter: ["disabled"] });
}
