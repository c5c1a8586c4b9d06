import "./mantine.ts";
import "virtual:theme.css";
import "./styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./frame/app.tsx";
import { currentLanguage } from "./frame/texts.ts";
import { keepApp } from "./frame/updates.ts";

document.documentElement.lang = currentLanguage();
createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
if (import.meta.env.PROD) void keepApp();
