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

/** How ids begin of what is said to whoever comes next, too. */
export const TO_ANYBODY = "to-anybody-";

function isToAnybody({ id }: NotificationData): boolean {
  return id?.startsWith(TO_ANYBODY) ?? false;
}

let isSomebodyHere = false;

/** Somebody has come, to whom personal things may be said. */
export function welcome(): void {
  isSomebodyHere = true;
}

/** Says something in the corner of the page, for a while; while nobody is here, only what is for anybody: what was begun before may end after it. */
export async function notify(notification: NotificationData): Promise<void> {
  isWanted = true;
  for (const listener of listeners) listener();
  const { notifications } = await import("@mantine/notifications");
  if (!isSomebodyHere && !isToAnybody(notification)) return;
  notifications.show({ closeButtonProps: { "aria-label": translate(frameTexts, "dismiss") }, ...notification });
}

/** Takes back what was said to somebody who has gone, and says no more of it until somebody comes. */
export async function dismissPersonal(): Promise<void> {
  isSomebodyHere = false;
  if (!isWanted) return;
  const { notifications, notificationsStore } = await import("@mantine/notifications");
  notifications.updateState(notificationsStore, (said) => said.filter(isToAnybody));
}

/** Takes back what was said under an id. Nothing where it is gone, or was never said. */
export async function dismiss(id: string): Promise<void> {
  if (!isWanted) return;
  const { notifications } = await import("@mantine/notifications");
  notifications.hide(id);
}
