/** Names that nobody bears, so that no patient of the sample town is taken for a person. */
const given =
  "Alwen Brisa Corvin Delphe Edrin Fennow Galdo Hespa Ilvar Jorune Kestra Liorel Marwen Nesrin Orvo Pellan Quillo Rowith Sevra Tamsel";
const family = "Sampleton Testerly Mockridge Fictorel Exampel Demowright Placeholm Inventow Figmund Pretendy Makebury Synthern Trialby";

const givenNames = given.split(" ");
const familyNames = family.split(" ");

/** The two lists are 20 and 13 long, so the first 260 indexes give different names. */
export function inventedName(index: number): { readonly given: string; readonly family: string } {
  return { given: givenNames[index % givenNames.length] ?? "", family: familyNames[index % familyNames.length] ?? "" };
}
