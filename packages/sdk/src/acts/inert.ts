/** Longer texts hide what follows them. */
const MAX_SHOWN = 120;

// Control and format characters (they erase, reorder or hide what stands beside them), line breaks that are none, halves of characters, private and
// unassigned ones. Joiners stay: names in Persian and many Indian scripts, and emoji, need them.
const ACTIVE = /(?![\u200c\u200d])[\p{C}\u2028\u2029\ufff9-\ufffb\u115f\u1160\u3164\uffa0]/gu;
/** Marks pile up on one letter until they cover the lines around it; no language needs more than a few. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** A text of unknown origin as it may stand on a screen or terminal: what could act is written out as `\u{202e}`, what is endless is cut. */
export function inert(text: string): string {
  const shown = [...text].slice(0, MAX_SHOWN).join("");
  return shown.length < text.length ? `${calm(shown)}…` : calm(shown);
}

/** The same where nothing follows that a long text could hide: whole. */
export function calm(text: string): string {
  return text.replaceAll(ACTIVE, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`).replaceAll(PILED_MARKS, "$1…");
}

/** A JSON text of the same value, in which nothing acts on a terminal. */
export function calmJson(json: string): string {
  // Outside of texts JSON is ASCII, of which only line breaks are control characters.
  return json.replaceAll(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(found: string): string {
  return Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
}
