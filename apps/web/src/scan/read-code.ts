import { encode } from "uqr";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasmAddress from "zxing-wasm/reader/zxing_reader.wasm?url";

// The library would fetch its code from elsewhere; ours comes with the app, pinned like everything else, and
// at once, while the camera starts.
prepareZXingModule({ overrides: { locateFile: () => wasmAddress }, fireImmediately: true })
  // Browsers compile each function when it first runs: a code of our own is read before somebody waits for theirs.
  .then(() => readCode(ownCode()))
  .catch(() => undefined); // reading tells

/** The text of the first QR code in a picture; undefined when there is none. */
export async function readCode(pixels: ImageData): Promise<string | undefined> {
  return (await readQr(pixels, false)) ?? readQr(pixels, true);
}

/** Most codes are seen without trying harder, which takes twice as long. */
async function readQr(pixels: ImageData, tryHarder: boolean): Promise<string | undefined> {
  const [found] = await readBarcodes(pixels, { formats: ["QRCode"], tryHarder, maxNumberOfSymbols: 1 });
  return found?.isValid ? found.text : undefined;
}

/** Likewise of a file, in any format that the browser shows; undefined also for a file that is no picture. */
export async function readCodeInFile(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  return picture && readCode(pixelsOf(picture, picture));
}

export function pixelsOf(source: CanvasImageSource, { width, height }: { readonly width: number; readonly height: number }): ImageData {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(source, 0, 0);
  return context.getImageData(0, 0, width, height);
}

const PIXELS_PER_SQUARE = 4;

function ownCode(): ImageData {
  const { data, size } = encode("galen", { border: 4 });
  const pixels = new ImageData(size * PIXELS_PER_SQUARE, size * PIXELS_PER_SQUARE);
  const words = new Uint32Array(pixels.data.buffer);
  for (let at = 0; at < words.length; at++) {
    const [x, y] = [at % pixels.width, Math.trunc(at / pixels.width)].map((pixel) => Math.trunc(pixel / PIXELS_PER_SQUARE));
    words[at] = data[y!]![x!] ? 0xff000000 : 0xffffffff;
  }
  return pixels;
}
