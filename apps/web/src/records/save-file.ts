/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: Uint8Array<ArrayBuffer> | string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The download has begun by then; the bytes need not stay.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
