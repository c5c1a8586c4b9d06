import { useTexts } from "../../frame/texts.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { walletNavigation } from "./navigation-texts.ts";

/** The way back to the page of the navigation from which one comes to this one. */
export function BackTo({ page }: { readonly page: "access" | "settings" }) {
  const t = useTexts(walletNavigation);
  return <BackLink to={`/wallet/${page}`}>{t(page)}</BackLink>;
}
