import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { unlockedAccount, useSession } from "../keys/person.ts";
import { NetworkGate } from "../network/network-gate.tsx";
import { NotificationCorner } from "../ui/notification-corner.tsx";
import { dismissPersonal, welcome } from "../ui/notify.ts";
import { DesksContext } from "./desks.ts";
import { features } from "./features.ts";
import { OtherTabs } from "./other-tabs.tsx";
import { queries } from "./queries.ts";
import { useIsQuiet } from "./quiet.ts";
import { router } from "./router.tsx";
import { theme } from "./theme.ts";

const companions = features.flatMap(({ companion }) => (companion ? [lazy(async () => ({ default: (await companion()).Companion }))] : []));

/** What nobody's keys were needed for. Everything else leaves the memory when a person locks or leaves the tab. */
const publicQueries: readonly unknown[] = ["network", "town", "people", "names", "chain", "app-fingerprint"];

function forgetPerson(): void {
  queries.removeQueries({ predicate: ({ queryKey }) => !publicQueries.includes(queryKey[0]) });
  queries.getMutationCache().clear();
  void dismissPersonal();
}

/** What features do beside every page for the one who sits here. */
function Companions() {
  const account = unlockedAccount(useSession());
  useEffect(() => {
    if (account === undefined) return;
    welcome();
    return forgetPerson;
  }, [account]);
  const isQuiet = useIsQuiet();
  if (account === undefined || !isQuiet) return null;
  return companions.map((Companion, index) => (
    <Suspense key={index}>
      <Companion key={account} />
    </Suspense>
  ));
}

const desks = features.flatMap(({ desk }) => desk ?? []);

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <NotificationCorner />
      <QueryClientProvider client={queries}>
        <NetworkGate>
          <DesksContext value={desks}>
            <RouterProvider router={router} />
            <Companions />
            <OtherTabs />
          </DesksContext>
        </NetworkGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
