import "./mantine.ts";
import "virtual:theme.css";
import "./styles.css";
import { localStorageColorSchemeManager } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./frame/app.tsx";
import { queries } from "./frame/queries.ts";
import { whenQuiet } from "./frame/quiet.ts";
import { router } from "./frame/router.tsx";
import { currentLanguage } from "./frame/texts.ts";
import { restoreSession } from "./keys/person.ts";
import { networkQuery } from "./network/network.tsx";

/** Draws once, when the code of the page that somebody came for is there: it is on its way since the browser has read the page's head. */
async function show(): Promise<void> {
  await router.load();
  createRoot(document.querySelector("#root")!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

// Mantine does so as well, when the first page is there.
const appearance = localStorageColorSchemeManager().get("auto");
if (appearance !== "auto") document.documentElement.dataset.mantineColorScheme = appearance;
document.documentElement.lang = currentLanguage();
void restoreSession();
// A node that is away, or of another network, is told by whoever needs it.
queries.query(networkQuery).catch(() => undefined);
// Not awaited here: the page's chunk imports this one, so that each would wait for the other.
void show();
whenQuiet(() => void import("./frame/after-quiet.ts").catch(() => undefined));
