import { parseCards } from "@galen/gateway/health-card/card-code";
import { HealthCardError } from "@galen/gateway/health-card/health-card-error";
import { useTexts } from "../../frame/texts.ts";
import { cardTexts } from "../../health-card/card-texts.ts";
import { CardVerdict } from "../../health-card/card-verdict.tsx";
import { Card, Note } from "../../ui/surface.tsx";
import styles from "./check.module.css";

/** What is to be said of the health cards in a code or file. */
export function CardsVerdict({ text }: { readonly text: string }) {
  const t = useTexts(cardTexts);
  const cards = cardsIn(text);
  if (cards === undefined) {
    return (
      <Note tone="bad">
        <strong>{t("damaged")}</strong>
        <br />
        {t("damagedText")}
      </Note>
    );
  }
  return (
    <div className={styles.facts}>
      {cards.map((jws, index) => (
        <Card key={index}>
          <CardVerdict jws={jws} />
        </Card>
      ))}
    </div>
  );
}

function cardsIn(text: string): readonly string[] | undefined {
  try {
    return parseCards(text);
  } catch (error) {
    if (error instanceof HealthCardError) return undefined;
    throw error;
  }
}
