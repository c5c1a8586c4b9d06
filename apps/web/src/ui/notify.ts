import type { NotificationData } from "@mantine/notifications";
import { useSyncExternalStore } from "react";
import { frameTexts } from "../frame/frame-texts.ts";
import { translate } from "../frame/texts.ts";

let isWanted = false;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether something was said yet: the corner for it is loaded then. */
export function useIsCornerWanted(): boolean {
  return useSyncExternalStore(subscribe, () => isWanted);
}

/** Says something in the corner of the page, for a while. */
export async function notify(notification: NotificationData): Promise<void> {
  isWanted = true;
  for (const listener of listeners) listener();
  const { notifications } = await import("@mantine/notifications");
  notifications.show({ closeButtonProps: { "aria-label": translate(frameTexts, "dismiss") }, ...notification });
}

/** How ids begin of what is said to whoever comes next, too. */
export const TO_ANYBODY = "to-anybody-";

/** Takes back what was said to somebody who has gone. */
export async function dismissPersonal(): Promise<void> {
  if (!isWanted) return;
  const { notifications, notificationsStore } = await import("@mantine/notifications");
  notifications.updateState(notificationsStore, (said) => said.filter(({ id }) => id?.startsWith(TO_ANYBODY)));
}

/** Takes back what was said under an id. Nothing where it is gone, or was never said. */
export async function dismiss(id: string): Promise<void> {
  if (!isWanted) return;
  const { notifications } = await import("@mantine/notifications");
  notifications.hide(id);
}
