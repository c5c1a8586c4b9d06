import { fetchRecoveries, type KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { subscribe } from "@galen/sdk/client/subscribe";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";
import { useChain } from "../../network/use-chain.ts";
import { SigningProvider } from "../../signing/signing.tsx";
import { notify } from "../../ui/notify.ts";
import { guardianTexts } from "./guardian-texts.ts";
import { recoveriesKey, useNameOf } from "./recoveries.ts";

const Sheet = lazy(async () => ({ default: (await import("../../ui/sheet.tsx")).Sheet }));
const StopRecovery = lazy(async () => ({ default: (await import("./stop-recovery.tsx")).StopRecovery }));

/** Over every page: somebody wants to replace the keys of the one who sits here. Guardians hear of those who need them. */
export function AccountAlarm() {
  const { own } = usePerson();
  useAccountEvents();
  const { data } = useChain(["recoveries", own.account], (client) => fetchRecoveries(client, own.account));
  const [seen, setSeen] = useState<readonly string[]>([]);
  const unseen = data?.open.some(({ recoveryId }) => !seen.includes(recoveryId)) ?? false;
  if (!data || !unseen) return null;
  return (
    <SigningProvider>
      <Alarm recoveries={data} onClose={() => setSeen(data.open.map(({ recoveryId }) => recoveryId))} />
    </SigningProvider>
  );
}

function Alarm({ recoveries, onClose }: { readonly recoveries: KnownRecoveries; readonly onClose: () => void }) {
  const t = useTexts(guardianTexts);
  return (
    <Suspense>
      <Sheet opened onClose={onClose} title={t("alarmTitle")} closeOnClickOutside={false}>
        <StopRecovery recoveries={recoveries} onStopped={onClose} />
        <Button mt="md" variant="default" size="lg" onClick={onClose}>
          {t("later")}
        </Button>
      </Sheet>
    </Suspense>
  );
}

/** Hears what becomes of the account, of its delegations and of those whom it guards, and has it asked anew. */
function useAccountEvents(): void {
  const { own } = usePerson();
  const { data: network } = useNetwork();
  const queries = useQueryClient();
  const tell = useTell();
  const telling = useRef(tell);
  telling.current = tell;
  useEffect(() => {
    if (!network) return;
    const gone = new AbortController();
    void hear(gone.signal);
    return () => gone.abort();

    async function hear(signal: AbortSignal): Promise<void> {
      try {
        for await (const { event, data } of subscribe(network!.client, { topics: ["accounts"], as: own, signal })) {
          if (event !== "account") continue;
          for (const queryKey of [recoveriesKey, ["guarded"], ["delegations"]]) void queries.invalidateQueries({ queryKey });
          telling.current(String(data.type), data.data as Readonly<Record<string, unknown>>);
        }
      } catch {
        // The node refuses the stream, because too many listen: what is proven is asked for when a page opens.
      }
    }
  }, [network, own, queries]);
}

/** Tells a guardian that somebody else needs help. */
function useTell(): (type: string, data: Readonly<Record<string, unknown>>) => void {
  const t = useTexts(guardianTexts);
  const { own } = usePerson();
  const nameOf = useNameOf();
  return (type, { account, guardians }) => {
    const isOthers = type === "accounts.recoveryApproved" && account !== own.account;
    if (!isOthers || (Array.isArray(guardians) && guardians.includes(own.account))) return;
    const name = nameOf(String(account));
    void notify({ title: t("heardTitle", { name }), message: t("heardText", { name }), autoClose: 15_000 });
  };
}
