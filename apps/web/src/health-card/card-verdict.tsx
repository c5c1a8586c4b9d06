import { HealthCardError } from "@galen/gateway/health-card/health-card-error";
import { checkHealthCard, type LedgerCard } from "@galen/gateway/health-card/ledger-issuer";
import { IconCircleCheck, IconCircleDashed, IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { describeFailure } from "../frame/failure.ts";
import { useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import { shortId, useNames } from "../keys/names.ts";
import { useNetwork } from "../network/network.tsx";
import { Note } from "../ui/surface.tsx";
import styles from "./card.module.css";
import { CardLines } from "./card-lines.tsx";
import { cardTexts } from "./card-texts.ts";

/** Checks a card here, against the key that the ledger proves of its issuer, and says what came of it. */
export function CardVerdict({ jws }: { readonly jws: string }) {
  const t = useTexts(cardTexts);
  const network = useNetwork();
  const { data: card, error } = useQuery({
    queryKey: ["health-card", jws],
    enabled: network.data !== undefined,
    queryFn: () => checkHealthCard(network.data!.client, jws),
    // An organisation may end its card signer at any time, so a refusal is not asked for again.
    retry: (count, failure) => count < 1 && !(failure instanceof HealthCardError),
  });
  const failure = network.error ?? error;
  if (failure) return <Refused failure={failure} />;
  return card ? <Genuine card={card} /> : <p role="status">{t("checking")}</p>;
}

function Genuine({ card }: { readonly card: LedgerCard }) {
  const t = useTexts(cardTexts);
  const formats = useFormats();
  const names = useNames();
  const { organisation, validFrom, validUntil, bundle } = card;
  const issuer = names.get(organisation)?.name ?? shortId(organisation);
  return (
    <div className={styles.verdict} role="status">
      <Note tone="good" icon={<IconCircleCheck size={28} aria-hidden="true" />}>
        <strong>{t("valid")}</strong>
        <p>
          {formats.sentences(
            t("validText", { issuer, day: formats.date(validFrom) }),
            validUntil !== undefined && t("until", { day: formats.date(validUntil) }),
          )}
        </p>
      </Note>
      <CardLines bundle={bundle} />
      <p data-screen-only>{t("compare")}</p>
    </div>
  );
}

const told = ["Forged", "UnknownKey", "UnknownIssuer", "Expired", "NotYet"] as const;

/** Of a card that is refused nothing is shown that stands on it: it is nobody's word. */
function Refused({ failure }: { readonly failure: Error }) {
  const t = useTexts(cardTexts);
  if (!(failure instanceof HealthCardError)) {
    return (
      <Note tone="warn" icon={<IconCircleDashed size={28} aria-hidden="true" />}>
        <strong>{t("unchecked")}</strong>
        <p>{describeFailure(failure).text}</p>
      </Note>
    );
  }
  const code = told.find((known) => known === failure.code);
  // Of an issuer elsewhere nothing is known; that is no verdict on the card.
  const isOpen = code === "UnknownIssuer";
  return (
    <Note
      tone={isOpen ? "warn" : "bad"}
      icon={isOpen ? <IconCircleDashed size={28} aria-hidden="true" /> : <IconCircleX size={28} aria-hidden="true" />}
    >
      <strong>{code ? t(`fault.${code}`) : t("damaged")}</strong>
      <p>{code ? t(`fault.${code}.text`) : t("damagedText")}</p>
    </Note>
  );
}
