import type { JsonObject } from "@galen/gateway";
import { resourcesOf } from "@galen/gateway/fhir/document-facts";
import { humanName } from "@galen/gateway/fhir/human-name";
import { objectAt, objectsAt, textAt } from "@galen/gateway/fhir/json-value";
import { conceptText, plainText } from "@galen/gateway/fhir/plain-text";
import { type Formats, useFormats } from "../frame/formats.ts";
import { useTexts } from "../frame/texts.ts";
import styles from "./card.module.css";
import { cardTexts } from "./card-texts.ts";

/** Of one name, in characters. */
const MAX_WORDS = 80;

/** The person and the vaccinations that stand on a card. */
export function CardLines({ bundle }: { readonly bundle: JsonObject }) {
  const t = useTexts(cardTexts);
  const vaccination = useVaccinationWords();
  const resources = resourcesOf(bundle);
  const patient = resources.find((one) => textAt(one, "resourceType") === "Patient");
  const person = usePersonWords();
  return (
    <div className={styles.lines}>
      <h3 className={styles.heading}>{t("onCard")}</h3>
      <p>
        <strong>{patient && person(patient)}</strong>
      </p>
      <ul>
        {resources
          .filter((one) => textAt(one, "resourceType") === "Immunization")
          .map((one, index) => (
            <li key={index}>{vaccination(one)}</li>
          ))}
      </ul>
    </div>
  );
}

/** A patient by name and day of birth, as an identity card says it. */
export function usePersonWords(): (patient: JsonObject) => string {
  const t = useTexts(cardTexts);
  const formats = useFormats();
  return (patient) => {
    const born = dayWords(textAt(patient, "birthDate"), formats);
    const name = plainText(humanName(objectsAt(patient, "name")[0]) ?? "", MAX_WORDS);
    return born === undefined ? name : `${name} · ${t("born", { day: born })}`;
  };
}

/** An immunization in one line. Cards carry codes without names. */
export function useVaccinationWords(): (immunization: JsonObject) => string {
  const t = useTexts(cardTexts);
  const formats = useFormats();
  return (immunization) => {
    const concept = objectAt(immunization, "vaccineCode");
    const codes = objectsAt(concept, "coding").map((coding) => `${systemName(textAt(coding, "system"))} ${textAt(coding, "code") ?? ""}`);
    const lot = textAt(immunization, "lotNumber");
    const day = dayWords(textAt(immunization, "occurrenceDateTime"), formats);
    const name = objectsAt(concept, "coding").some(({ display }) => display !== undefined) ? conceptText(concept) : undefined;
    const words = [day, name ?? t("vaccine"), codes.join(", "), lot && t("lot", { lot })];
    return words.flatMap((word) => (word ? [plainText(word, MAX_WORDS)] : [])).join(" · ");
  };
}

/** CVX is what clinics say for http://hl7.org/fhir/sid/cvx. */
function systemName(system = ""): string {
  return (/[^/:]+$/.exec(system)?.[0] ?? "").toUpperCase();
}

function dayWords(day: string | undefined, formats: Formats): string | undefined {
  return day && formats.day(day.slice(0, "2026-05-04".length));
}
