import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generatePatientBundle } from "../packages/cli/src/town/synthetic-patients/generate-patient-bundle.ts";
import { chinesePhone, english } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const HOSPITAL = "Sampleton General Hospital";
const stage = useStage();

/** A patient of the town for each setting, so that what one story files is new to the next. */
const patients = { desktop: 17, phone: 13 } as const;

/** A bundle of a patient of the town; entries are put behind those that it has. */
function bundleOf(index: number, ...added: readonly object[]) {
  const bundle = generatePatientBundle({ seed: "another town", index }) as unknown as { readonly entry: readonly object[] };
  return { ...bundle, entry: [...bundle.entry, ...added] };
}

/** A photograph: nothing compresses it. */
const photograph = (sizeBytes: number) => ({
  resource: {
    resourceType: "Media",
    status: "completed",
    content: { contentType: "image/jpeg", data: randomBytes(sizeBytes).toString("base64") },
  },
});

stories("a document larger than can be sealed", () => {
  it.each([english, chinesePhone])(
    "is refused with its file before anything is signed, and the rest is filed ($device, $language)",
    async (setting) => {
      const scene = await stage.open(setting);
      const { page, look } = scene;
      const folder = join(stage.folder, setting.device);
      await mkdir(folder);
      const bundle = bundleOf(patients[setting.device]);
      await writeFile(join(folder, "fine.json"), JSON.stringify(bundle));
      await writeFile(join(folder, "huge.json"), JSON.stringify(bundleOf(patients[setting.device], photograph(18_000_000))));
      await scene.become(HOSPITAL);
      await page.locator("input[type=file]").last().setInputFiles(folder);
      const refused = page.getByRole("main").getByRole("listitem").filter({ hasText: "huge.json" });
      await refused.getByText("fhir/DocumentTooLarge").waitFor();
      await refused.getByText(`$.entry[${bundle.entry.length}]`).waitFor();
      await refused.getByText(/16 MiB/).waitFor();
      await refused.getByText(/General: /).waitFor();
      await look("hospital-huge");

      await page.getByRole("button", { name: /…\)?/ }).first().click();
      await page.getByRole("main").locator("button[data-size=lg]").click();
      await scene.sign();
      await page.getByRole("main").getByRole("status").getByRole("button").waitFor();
      expect(await refused.count()).toBe(1);
      await look("hospital-huge-filed");
      scene.expectClean();
    },
  );
});
