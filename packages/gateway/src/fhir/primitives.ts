/** Formats of FHIR R4 primitives (https://hl7.org/fhir/R4/datatypes.html), as far as the import looks at them. */
const YEAR = "(?:[0-9](?:[0-9](?:[0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)";
const MONTH = "(?:0[1-9]|1[0-2])";
const DAY = "(?:0[1-9]|[12][0-9]|3[01])";
const TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?";
const ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))";

const formats = {
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  uri: /^\S+$/,
  code: /^[^\s]+(?:\s[^\s]+)*$/,
  date: new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY})?)?$`),
  dateTime: new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY}(?:T${TIME}${ZONE})?)?)?$`),
  instant: new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${ZONE}$`),
} as const;

export type Primitive = keyof typeof formats;

/** Whether `text` has the format of the primitive; dates must also exist in the calendar ("Dates SHALL be valid dates"). */
export function hasFormat(primitive: Primitive, text: string): boolean {
  if (!formats[primitive].test(text)) return false;
  return primitive === "id" || primitive === "uri" || primitive === "code" || dayExists(text);
}

function dayExists(text: string): boolean {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  if (year === undefined || month === undefined || day === undefined) return true;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}
