import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useSession } from "../keys/person.ts";
import { NetworkGate } from "../network/network-gate.tsx";
import { NotificationCorner } from "../ui/notification-corner.tsx";
import { DesksContext } from "./desks.ts";
import { features } from "./features.ts";
import { router } from "./router.tsx";
import { theme } from "./theme.ts";

/** Nothing of it is written anywhere: what was opened leaves with the tab. What can be done without a network is not held back for one. */
const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: 1, refetchOnWindowFocus: false, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

const companions = features.flatMap(({ companion }) => (companion ? [lazy(async () => ({ default: (await companion()).Companion }))] : []));

/** What features do beside every page for the one who sits here. */
function Companions() {
  const session = useSession();
  if (session.state !== "open") return null;
  return companions.map((Companion, index) => (
    <Suspense key={index}>
      <Companion key={session.person.own.account} />
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
          </DesksContext>
        </NetworkGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
