import { useAskActsFor } from "../../records/ask-acts-for.ts";
import { AccountAlarm } from "./account-alarm.tsx";
import { useHearing } from "./use-hearing.ts";

/** What is heard beside every page: what concerns the person here is asked anew and told, and who wants to replace the keys is an alarm. */
export function Companion() {
  useAskActsFor();
  useHearing();
  return <AccountAlarm />;
}
