/** Hands a file, or what makes it piece by piece, to the browser's downloads. */
export function saveFile(name: string, content: BlobPart | readonly BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob([content].flat(), { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The download has begun by then; the bytes need not stay.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
