import type { KnownRecoveries } from "@galen/sdk/accounts/recovery";
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { usePerson } from "../../keys/person.ts";
import { SigningProvider } from "../../signing/signing.tsx";
import { guardianTexts } from "./guardian-texts.ts";
import { useRecoveries } from "./recoveries.ts";

const Sheet = lazy(async () => ({ default: (await import("../../ui/sheet.tsx")).Sheet }));
const StopRecovery = lazy(async () => ({ default: (await import("./stop-recovery.tsx")).StopRecovery }));

/** Over every page: somebody wants to replace the keys of the one who sits here. */
export function AccountAlarm() {
  const { own } = usePerson();
  const { data } = useRecoveries(own.account);
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
