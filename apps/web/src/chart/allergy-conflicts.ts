import { type Finding, inForce } from "./chart.ts";

/** A medicine that somebody with an allergy should not be given without a word about it. */
export interface Conflict {
  readonly allergy: Finding;
  readonly medication: Finding;
}

/**
 * Groups of ingredients by which an allergy to one speaks against the others, as patient information leaflets warn of them. It finds what is obvious and
 * replaces no pharmacist: the words of the desk say so. Names in both languages stand in one group, since records and prescriptions mix them.
 */
const groups: readonly (readonly string[])[] = [
  [
    "penicillin",
    "amoxicillin",
    "ampicillin",
    "flucloxacillin",
    "dicloxacillin",
    "oxacillin",
    "piperacillin",
    "benzathine",
    "青霉素",
    "阿莫西林",
    "氨苄西林",
  ],
  ["cephalosporin", "头孢", "cefalexin", "cephalexin", "cefuroxime", "cefazolin", "ceftriaxone", "cefixime", "cefaclor"],
  ["sulfonamide", "sulfa", "sulfamethoxazole", "sulfadiazine", "sulfasalazine", "磺胺"],
  [
    "nsaid",
    "aspirin",
    "acetylsalicylic",
    "ibuprofen",
    "naproxen",
    "diclofenac",
    "ketoprofen",
    "indomethacin",
    "阿司匹林",
    "布洛芬",
    "萘普生",
    "双氯芬酸",
  ],
  ["opioid", "阿片", "吗啡", "可待因", "曲马多", "morphine", "codeine", "oxycodone", "hydrocodone", "tramadol"],
  ["macrolide", "大环内酯", "红霉素", "克拉霉素", "阿奇霉素", "erythromycin", "clarithromycin", "azithromycin"],
  ["iodinated contrast", "iohexol", "iodixanol", "iopamidol"],
];

/** Which medication that is in force, or may be, touches which allergy of that kind. */
export function conflictsBetween(allergies: readonly Finding[], medication: readonly Finding[]): readonly Conflict[] {
  const taken = inForce(medication);
  return inForce(allergies).flatMap((allergy) => {
    const group = groups.filter((words) => words.some((word) => mentions(allergy.name, word))).flat();
    return taken.filter(({ name }) => group.some((word) => mentions(name, word))).map((medicine) => ({ allergy, medication: medicine }));
  });
}

function mentions(name: string, word: string): boolean {
  return name.toLowerCase().includes(word);
}
