import { isPrescription } from "@galen/gateway/fhir/prescription";
import { authorStanding } from "@galen/sdk/records/author-standing";
import { IconCircleCheck, IconCircleDashed, IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { describeFailure } from "../frame/failure.ts";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { useNetwork } from "../network/network.tsx";
import { Note } from "../ui/surface.tsx";
import type { ChartDocument } from "./chart.ts";
import { prescriberTexts } from "./prescriber-texts.ts";

/** What the author of a prescription was licensed for when it was filed; nothing is asked of another document. */
export function usePrescriber({ objectId, content }: ChartDocument) {
  const network = useNetwork();
  return useQuery({
    queryKey: ["prescriber", objectId],
    enabled: network.data !== undefined && isPrescription(content),
    queryFn: () => authorStanding(network.data!.client, { objectId, credentialType: "practitioner-licence" }),
  });
}

/**
 * Whether the author of a prescription held a licence when it was filed, proven by the ledger. The ledger takes documents without knowing what they say, so whoever reads
 * a prescription looks.
 */
export function PrescriberNote({ document }: { readonly document: ChartDocument }) {
  const t = useTexts(prescriberTexts);
  const formats = useFormats();
  const names = useNames();
  const network = useNetwork();
  const { data, error } = usePrescriber(document);
  const failure = network.error ?? error;
  if (failure) {
    return (
      <Note tone="warn" icon={<IconCircleDashed size={24} aria-hidden="true" />}>
        <strong>{t("unchecked")}</strong>
        <br />
        {describeFailure(failure).text}
      </Note>
    );
  }
  if (!data) return <p role="status">{t("checking")}</p>;
  const { author, filedAt, standing = "missing" } = data;
  const values = { author: names.get(author)?.name ?? shortId(author), day: formats.date(filedAt) };
  return standing === "valid" ? (
    <Note tone="good" icon={<IconCircleCheck size={24} aria-hidden="true" />}>
      <strong>{t("valid")}</strong>
      <br />
      {t("validText", values)}
    </Note>
  ) : (
    <Note tone="bad" icon={<IconCircleX size={24} aria-hidden="true" />}>
      <strong>{t("notValid")}</strong>
      <br />
      {t(standing, values)}
    </Note>
  );
}
