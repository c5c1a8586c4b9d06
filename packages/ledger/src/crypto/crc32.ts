/** The reflected polynomial of CRC-32 (ISO/IEC 3309, as in Ethernet and zlib). */
const POLYNOMIAL = 0xedb88320;

/** What a byte adds that stands 0 to 7 bytes before the last of two words, 256 entries each ("slicing by 8": Kounavis and Berry, 2005). */
const TABLES = makeTables();

/** CRC-32 of `count` words from word `at` on, of each the lowest byte first: as they lie in memory on every machine that Node runs on. */
export function crc32OfWords(words: Int32Array, at: number, count: number): number {
  let crc = -1;
  let i = at;
  for (const last = at + count - 1; i < last; i += 2) {
    const first = crc ^ words[i]!;
    crc = TABLES[1792 + (first & 0xff)]! ^ TABLES[1536 + ((first >>> 8) & 0xff)]!;
    crc ^= TABLES[1280 + ((first >>> 16) & 0xff)]! ^ TABLES[1024 + (first >>> 24)]!;
    crc ^= ofWord(words[i + 1]!);
  }
  if (i < at + count) crc = ofWord(crc ^ words[i]!);
  return ~crc;
}

function ofWord(word: number): number {
  return TABLES[768 + (word & 0xff)]! ^ TABLES[512 + ((word >>> 8) & 0xff)]! ^ TABLES[256 + ((word >>> 16) & 0xff)]! ^ TABLES[word >>> 24]!;
}

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!;
    tables[i] = (before >>> 8) ^ tables[before & 0xff]!;
  }
  return tables;
}
