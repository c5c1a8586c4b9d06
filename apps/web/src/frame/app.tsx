import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { NetworkGate } from "../network/network-gate.tsx";
import { DesksContext } from "./desks.ts";
import { features } from "./features.ts";
import { router } from "./router.tsx";
import { theme } from "./theme.ts";

/** Nothing of it is written anywhere: what was opened leaves with the tab. */
const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry: 1, refetchOnWindowFocus: false } } });

const desks = features.flatMap(({ desk }) => desk ?? []);

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Notifications position="top-right" zIndex={400} autoClose={8_000} />
      <QueryClientProvider client={queries}>
        <NetworkGate>
          <DesksContext value={desks}>
            <RouterProvider router={router} />
          </DesksContext>
        </NetworkGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
