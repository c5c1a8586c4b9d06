/** Compartments that most laws protect more than others. When one document touches several, the first of these wins. */
export const SENSITIVE_COMPARTMENTS = ["substance-use", "mental-health", "sexual-health", "genetics"] as const;
export type SensitiveCompartment = (typeof SENSITIVE_COMPARTMENTS)[number];

const SNOMED = "http://snomed.info/sct";
const LOINC = "http://loinc.org";
const ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const DIAGNOSTIC_SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074";

/** Single codes. A start, not a terminology service: an author can always choose another compartment. */
const codes: readonly (readonly [SensitiveCompartment, system: string, codes: string])[] = [
  // HL7 v3 ActCode _InformationSensitivityPolicy: the label that a source system put on the resource.
  ["substance-use", ACT_CODE, "ETH SUD ALC DRGIS OPIOIDUD ETHUD"],
  ["mental-health", ACT_CODE, "PSY PSYTHPN MH BH"],
  ["sexual-health", ACT_CODE, "HIV STD SEX SDV"],
  ["genetics", ACT_CODE, "GDIS"],

  // Alcohol and drug abuse, dependence, overdose; AUDIT-C and DAST-10 scores.
  ["substance-use", SNOMED, "7200002 66590003 15167005 26416006 191816009 6525002 5602001 75544000 55680006 361055000"],
  ["substance-use", LOINC, "75624-7 75626-2 82667-7"],
  // Depression, anxiety, panic, post-traumatic stress, schizophrenia, bipolar, psychosis, compulsion, eating, attention, suicide; screening for them.
  ["mental-health", SNOMED, "35489007 370143000 36923009 66344007 197480006 21897009 371631005 47505003 58214004 13746004 69322001"],
  ["mental-health", SNOMED, "191736004 72366004 406506008 82313006 6471006 171207006"],
  ["mental-health", LOINC, "44249-1 44261-6 55758-7 69737-5 70274-6"],
  // HIV and AIDS, gonorrhoea, syphilis, chlamydia, genital herpes; contraception, sterilisation, miscarriage, termination.
  ["sexual-health", SNOMED, "86406008 62479008 15628003 76272004 105629000 33839006"],
  ["sexual-health", SNOMED, "65200003 46706006 68254000 169553002 22523008 19169002 714812005 386394001 10383002 5880005"],
  ["sexual-health", LOINC, "75622-1 68961-2 21613-5 24111-7"],
  // Variant assessment and genetic reporting panels; the genetics section of a laboratory.
  ["genetics", LOINC, "69548-6 81247-9 81252-9 51969-4 48018-6 55233-1"],
  ["genetics", SNOMED, "405824009"],
  ["genetics", DIAGNOSTIC_SECTION, "GE"],
];

type Chapters = readonly (readonly [SensitiveCompartment, RegExp])[];

/** Chapters of ICD-10 and its national modifications, whose addresses begin like its own. */
const ICD10 = "http://hl7.org/fhir/sid/icd-10";
const icd10: Chapters = [
  ["substance-use", /^F1/],
  ["mental-health", /^F[02-9]/],
  ["sexual-health", /^(?:A5[0-9]|A6[0-4]|B2[0-4]|O0[3-6]|Z21|Z30|Z33\.?2)/],
  ["genetics", /^Z1[45]/],
];

/** ICD-9-CM, by which the United States coded until October 2015. Its procedures have two digits before the point and are none of these. */
const ICD9 = "http://hl7.org/fhir/sid/icd-9-cm";
const icd9: Chapters = [
  ["substance-use", /^(?:29[12]|30[3-5])/],
  ["mental-health", /^(?:29|3[01])[0-9]/],
  ["sexual-health", /^(?:042|054\.?1|079\.?53|09[0-9]|63[4-7]|V08|V25)/],
  ["genetics", /^V8[34]/],
];

/** Where HL7 registers code systems. */
const OID = "urn:oid:2.16.840.1.113883.";

/** The same systems by OID, as those have them who make FHIR of HL7 v3, by their addresses of before FHIR R4, and the German ICD-10. */
const otherNames: ReadonlyMap<string, string> = new Map([
  [`${OID}6.96`, SNOMED],
  [`${OID}6.1`, LOINC],
  [`${OID}5.4`, ACT_CODE],
  ["http://hl7.org/fhir/v3/ActCode", ACT_CODE],
  [`${OID}6.3`, ICD10],
  [`${OID}6.90`, ICD10],
  ["http://fhir.de/CodeSystem/bfarm/icd-10-gm", ICD10],
  ["http://fhir.de/CodeSystem/dimdi/icd-10-gm", ICD10],
  [`${OID}6.103`, ICD9],
]);

const byCode = new Map(
  codes.flatMap(([compartment, system, list]) => list.split(" ").map((code) => [`${system}|${code}`, compartment] as const)),
);

/** By which label of HL7 ActCode a resource says that it belongs to a sensitive compartment. */
const securityLabels: Readonly<Record<string, { readonly code: string; readonly display: string }>> = {
  "substance-use": { code: "ETH", display: "substance abuse information sensitivity" },
  "mental-health": { code: "PSY", display: "psychiatry disorder information sensitivity" },
  "sexual-health": { code: "SEX", display: "sexuality and reproductive health information sensitivity" },
  genetics: { code: "GDIS", display: "genetic disease information sensitivity" },
} satisfies Record<SensitiveCompartment, unknown>;

/** The security label (`Resource.meta.security`) of a sensitive compartment; undefined for the others. */
export function securityLabelOf(compartment: string) {
  const label = Object.hasOwn(securityLabels, compartment) ? securityLabels[compartment] : undefined;
  return label && { system: ACT_CODE, ...label };
}

/** The sensitive compartment of a coding; undefined for every other code. */
export function sensitivityOfCode(system: string | undefined, code: string | undefined): SensitiveCompartment | undefined {
  if (system === undefined || code === undefined) return undefined;
  const name = otherNames.get(system) ?? system;
  const chapters = name.startsWith(ICD10) ? icd10 : name === ICD9 ? icd9 : undefined;
  if (chapters) return chapters.find(([, pattern]) => pattern.test(code))?.[0];
  return byCode.get(`${name}|${code}`);
}
