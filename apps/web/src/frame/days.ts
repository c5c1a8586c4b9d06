/** A day as date fields give it, such as `2026-01-31`, in the time zone of whoever looks. */
export type Day = string;

/** Milliseconds since 1970 at which a day begins; undefined for what is no day. */
export function startOfDay(day: Day): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const start = new Date(year, month - 1, date);
  // 31 April would otherwise be 1 May.
  return start.getMonth() === month - 1 && start.getDate() === date ? start.getTime() : undefined;
}

/** The last millisecond of a day, so that "until Friday" has Friday in it. */
export function endOfDay(day: Day): number | undefined {
  const start = startOfDay(day);
  if (start === undefined) return undefined;
  const next = new Date(start);
  next.setDate(next.getDate() + 1);
  return next.getTime() - 1;
}

/** The day in which a time lies. */
export function dayOf(at: number): Day {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
