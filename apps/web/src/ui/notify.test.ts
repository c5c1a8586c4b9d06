import { notificationsStore } from "@mantine/notifications";
import { expect, it } from "vitest";
import { dismissPersonal, notify, TO_ANYBODY } from "./notify.ts";

const said = () => {
  const { notifications, queue } = notificationsStore.getState();
  return [...notifications, ...queue].map(({ message }) => message);
};

it("takes back what was said to somebody who has gone, also what waits for room, and nothing else", async () => {
  const looks = Array.from({ length: 9 }, (_, count) => `look ${count}`);
  for (const message of looks) await notify({ message });
  await notify({ id: `${TO_ANYBODY}locked`, message: "Locked in another tab" });
  expect(said()).toHaveLength(10);
  await dismissPersonal();
  expect(said()).toEqual(["Locked in another tab"]);
});
