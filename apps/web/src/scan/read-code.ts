import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasmAddress from "zxing-wasm/reader/zxing_reader.wasm?url";

// The library would fetch its code from elsewhere; ours comes with the app, pinned like everything else, and
// at once, while the camera starts.
prepareZXingModule({ overrides: { locateFile: () => wasmAddress }, fireImmediately: true }).catch(() => undefined); // reading tells

/** The text of the first QR code in a picture; undefined when there is none. */
export async function readCode(picture: Blob | ImageData): Promise<string | undefined> {
  const [found] = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
  return found?.isValid ? found.text : undefined;
}
