import type { Finding } from "./chart.ts";

/** A medicine that somebody with an allergy should not be given without a word about it. */
export interface Conflict {
  readonly allergy: Finding;
  readonly medication: Finding;
}

/**
 * Groups of ingredients by which an allergy to one speaks against the others, as patient information leaflets warn of them. It finds what is obvious and
 * replaces no pharmacist: the words of the desk say so.
 */
const groups: readonly (readonly string[])[] = [
  ["penicillin", "amoxicillin", "ampicillin", "flucloxacillin", "dicloxacillin", "oxacillin", "piperacillin", "benzathine"],
  ["cephalosporin", "cefalexin", "cephalexin", "cefuroxime", "cefazolin", "ceftriaxone", "cefixime", "cefaclor"],
  ["sulfonamide", "sulfa", "sulfamethoxazole", "sulfadiazine", "sulfasalazine"],
  ["nsaid", "aspirin", "acetylsalicylic", "ibuprofen", "naproxen", "diclofenac", "ketoprofen", "indomethacin"],
  ["opioid", "morphine", "codeine", "oxycodone", "hydrocodone", "tramadol"],
  ["macrolide", "erythromycin", "clarithromycin", "azithromycin"],
  ["iodinated contrast", "iohexol", "iodixanol", "iopamidol"],
  ["青霉素", "阿莫西林", "氨苄西林"],
  ["磺胺"],
];

const inForce: readonly (string | undefined)[] = ["active", "on-hold", undefined];
const isInForce = ({ status }: Finding) => inForce.includes(status);

/** Which medication in force touches which allergy in force. */
export function conflictsBetween(allergies: readonly Finding[], medication: readonly Finding[]): readonly Conflict[] {
  return allergies.filter(isInForce).flatMap((allergy) => {
    const group = groups.filter((words) => words.some((word) => mentions(allergy.name, word))).flat();
    return medication
      .filter(isInForce)
      .filter(({ name }) => group.some((word) => mentions(name, word)))
      .map((medicine) => ({ allergy, medication: medicine }));
  });
}

function mentions(name: string, word: string): boolean {
  return name.toLowerCase().includes(word);
}
