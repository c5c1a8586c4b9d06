import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { accountHere, leave, lock } from "../keys/person.ts";
import { onTabNews } from "../keys/tabs.ts";
import { notify, TO_ANYBODY } from "../ui/notify.ts";
import { frameTexts } from "./frame-texts.ts";
import { translate } from "./texts.ts";

/** Follows what was done in other tabs of this browser: a wallet that was locked or forgotten there is so here, and names are known. */
export function OtherTabs() {
  const queries = useQueryClient();
  useEffect(
    () =>
      onTabNews((news) => {
        if (news.kind === "named") {
          void queries.invalidateQueries({ queryKey: ["names"] });
          return;
        }
        void queries.invalidateQueries({ queryKey: ["people"] });
        if (news.account !== accountHere()) return;
        if (news.kind === "locked") lock();
        else leave();
        void notify({
          id: `${TO_ANYBODY}${news.kind}`,
          title: translate(frameTexts, `${news.kind}Title`),
          message: translate(frameTexts, `${news.kind}Text`),
          autoClose: false,
        });
      }),
    [queries],
  );
  return null;
}
