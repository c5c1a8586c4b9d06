import type { Release } from "@galen/ledger/modules/vault/schema";
import { subscribe } from "@galen/sdk/client/subscribe";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { useTellProposal } from "../../proposals/use-tell-proposal.tsx";
import { notify } from "../../ui/notify.ts";
import { logTexts } from "./log-texts.ts";
import { useReleaseWords } from "./release-words.ts";

/** Tells the owner of a reading while it happens, and of a proposal that waits for a signature. */
export function LiveLooks() {
  const { own } = usePerson();
  const { data: network } = useNetwork();
  const tell = useTell();
  const tellProposal = useTellProposal();
  const telling = useRef({ tell, tellProposal });
  telling.current = { tell, tellProposal };
  useEffect(() => {
    if (!network) return;
    const gone = new AbortController();
    void hear(gone.signal);
    return () => gone.abort();

    async function hear(signal: AbortSignal): Promise<void> {
      try {
        for await (const { event, data } of subscribe(network!.client, { topics: ["releases", "proposals"], as: own, signal })) {
          if (event === "release") telling.current.tell(data as unknown as Release);
          // What cannot be fetched now is found in the list.
          if (event === "proposal") void telling.current.tellProposal(data).catch(() => undefined);
        }
      } catch {
        // The node refuses the stream, because too many listen: the log itself stays true and is read when one opens it.
      }
    }
  }, [network, own]);
  return null;
}

function useTell(): (release: Release) => void {
  const t = useTexts(logTexts);
  const words = useReleaseWords();
  const queries = useQueryClient();
  const { own } = usePerson();
  return (release) => {
    void queries.resetQueries({ queryKey: ["release-log", release.owner] });
    void queries.invalidateQueries({ queryKey: ["own-grants"] });
    if (release.reader === own.account) return;
    const { name, purpose, reason } = words(release);
    void notify({
      color: reason === undefined ? "lapis" : "rust",
      title: t(reason === undefined ? "sawTitle" : "triedTitle", { name }),
      message: reason === undefined ? t("saw", { count: release.objects.length, purpose }) : t("tried", { reason }),
      autoClose: 15_000,
    });
  };
}
