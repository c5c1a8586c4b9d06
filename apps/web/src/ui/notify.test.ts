import { notificationsStore } from "@mantine/notifications";
import { expect, it } from "vitest";
import { dismissPersonal, notify, TO_ANYBODY, welcome } from "./notify.ts";

const said = () => {
  const { notifications, queue } = notificationsStore.getState();
  return [...notifications, ...queue].map(({ message }) => message);
};

it("takes back what was said to somebody who has gone, also what waits for room, and nothing else", async () => {
  welcome();
  const looks = Array.from({ length: 9 }, (_, count) => `look ${count}`);
  for (const message of looks) await notify({ message });
  await notify({ id: `${TO_ANYBODY}locked`, message: "Locked in another tab" });
  expect(said()).toHaveLength(10);
  await dismissPersonal();
  expect(said()).toEqual(["Locked in another tab"]);
});

it("does not say what ends after somebody has gone, until somebody comes", async () => {
  welcome();
  await dismissPersonal();
  const before = said();
  await notify({ message: "Dr. Alwen Demowright may open it now" });
  expect(said()).toEqual(before);
  welcome();
  await notify({ message: "Saved" });
  expect(said()).toEqual([...before, "Saved"]);
});
