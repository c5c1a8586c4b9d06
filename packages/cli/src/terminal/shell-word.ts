const PLAIN = /^[\w@%+=:,./-]+$/;
/** What acts between double quotes. */
const ACTIVE = /["$`\\!]/;

/** A word of a command line that is shown for somebody to run: as it is where a shell takes it so, else between quotes in which nothing acts. */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  return ACTIVE.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}
