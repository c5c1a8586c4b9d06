import { useAskActsFor } from "../../records/ask-acts-for.ts";
import { AccountAlarm } from "./account-alarm.tsx";
import { LiveLooks } from "./live-looks.tsx";

/** What an owner hears beside every page: who reads, and who wants to replace the keys. */
export function Companion() {
  useAskActsFor();
  return (
    <>
      <LiveLooks />
      <AccountAlarm />
    </>
  );
}
