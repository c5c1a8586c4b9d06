import { expect, it } from "vitest";
import { droppedFiles, filesAsNamed, filesOfFolder, MAX_FILES } from "./dropped-files.ts";

/** As browsers give them: a hundred at a time. */
const PART = 100;

const filesOf = (count: number, ending: string) => Array.from({ length: count }, (_, index) => new File([], `${index}.${ending}`));

/** A folder with bundles and other files, as it comes with a drop. */
function dropOf(files: readonly File[]): DataTransfer {
  const entries = files.map((file) => ({
    isFile: true,
    name: file.name,
    fullPath: `/in/${file.name}`,
    file: (give: (file: File) => void) => give(file),
  }));
  const createReader = () => {
    const left = [...entries];
    return { readEntries: (give: (part: unknown) => void) => give(left.splice(0, PART)) };
  };
  return { items: [{ webkitGetAsEntry: () => ({ isFile: false, name: "in", createReader }) }] } as unknown as DataTransfer;
}

it.each([
  ["as many as a page takes", MAX_FILES, 0],
  ["more", MAX_FILES + 203, 203],
])("tells how many files are left out of %s", async (_, count, leftOut) => {
  const files = [...filesOf(150, "txt"), ...filesOf(count, "json")];
  for (const found of [await droppedFiles(dropOf(files)), filesOfFolder(files)])
    expect([found.files.length, found.leftOut]).toEqual([MAX_FILES, leftOut]);
  expect(filesAsNamed(files).leftOut).toBe(leftOut + 150);
});
