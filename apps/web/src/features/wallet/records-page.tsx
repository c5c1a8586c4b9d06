import { frameTexts } from "../../frame/frame-texts.ts";
import { useTexts } from "../../frame/texts.ts";
import { PageHeader } from "../../ui/surface.tsx";

export function Page() {
  const t = useTexts(frameTexts);
  return <PageHeader title={t("loading")} />;
}
