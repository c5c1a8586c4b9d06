import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { patientOfTown } from "../packages/cli/src/town/history.ts";
import { generatePatientBundle } from "../packages/cli/src/town/synthetic-patients/generate-patient-bundle.ts";
import { TOWN_SEED } from "../packages/cli/src/town/town.ts";
import { answer } from "./web/command-line.ts";
import { chinesePhone, english, englishPhone } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const HOSPITAL = "Sampleton General Hospital";
const stage = useStage();

/** A patient of the town for each setting, so that what one story files is new to the next. */
const patients = { desktop: 17, phone: 13 } as const;

/** A bundle of a patient of the town, of whom it tells other visits; entries are put behind those that it has. */
function bundleOf(index: number, ...added: readonly object[]) {
  const [known, bundle] = [TOWN_SEED, "another town"].map((seed) => generatePatientBundle({ seed, index }) as unknown as Bundle);
  const { birthDate } = known!.entry[0]!.resource;
  Object.assign(bundle!.entry[0]!.resource, { birthDate });
  return { ...bundle!, entry: [...bundle!.entry, ...added] };
}

interface Bundle {
  readonly entry: readonly { readonly resource: { readonly birthDate?: string } }[];
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

/** A patient who had the largest visit of all. */
const COLLECTED = 19;
const COUNT = 3_000;
/** Elements of a page that a phone lays out at once; an ordinary record has about a thousand. */
const MAX_ELEMENTS = 4_000;

/** One visit with everything in it: thousands of values, diagnoses and medicines, a name without end and a note as long as a library. */
async function fileLargestVisit(): Promise<void> {
  const base = bundleOf(COLLECTED) as unknown as {
    readonly entry: readonly { readonly fullUrl?: string; readonly resource: { readonly resourceType: string } }[];
  };
  const fullUrl = (type: string) => base.entry.find(({ resource }) => resource.resourceType === type)!.fullUrl;
  const [encounter, subject] = [{ reference: fullUrl("Encounter") }, { reference: fullUrl("Patient") }];
  const entry = (resourceType: string, elements: object) => ({ resource: { resourceType, subject, encounter, ...elements } });
  const numbers = Array.from({ length: COUNT }, (_, number) => number);
  const day = (number: number) => new Date(Date.UTC(2010, 0, 1 + number)).toISOString().slice(0, 10);
  const observation = (text: string, number: number) =>
    entry("Observation", { status: "final", code: { text }, effectiveDateTime: day(number), valueQuantity: { value: number, unit: "u" } });
  const added = [
    ...numbers.map((number) => observation("Titre of the long series", number)),
    ...numbers.map((number) => observation(`Value ${number}`, number)),
    ...numbers.map((number) => entry("Condition", { code: { text: `Diagnosis ${number}` }, recordedDate: day(number) })),
    ...numbers.map((number) =>
      entry("MedicationRequest", { status: "active", intent: "order", medicationCodeableConcept: { text: `Medicine ${number}` } }),
    ),
    entry("Condition", { code: { text: "Endless".repeat(150_000) } }),
    {
      resource: {
        resourceType: "DocumentReference",
        status: "current",
        subject,
        context: { encounter: [encounter] },
        content: [
          { attachment: { contentType: "text/plain", data: Buffer.from("All that was said. ".repeat(100_000)).toString("base64") } },
        ],
      },
    },
  ];
  const file = join(stage.folder, "largest.json");
  await writeFile(file, JSON.stringify(bundleOf(COLLECTED, ...added)));
  const { filed } = await answer<{ filed: number }>(stage, "import", "fhir", file, "--author", HOSPITAL);
  expect(filed).toBeGreaterThan(0);
}

const elements = (page: Page) => page.evaluate<number>("document.querySelectorAll('*').length");

stories("a document larger than anybody reads", () => {
  it("opens on a phone, is light, and keeps nothing back", async () => {
    await fileLargestVisit();
    const scene = await stage.open(englishPhone);
    const { page, look } = scene;
    await scene.become(patientOfTown(COLLECTED));
    const main = page.getByRole("main");
    await main.getByText("Diagnosis 2999").waitFor();
    expect(await elements(page)).toBeLessThan(MAX_ELEMENTS);
    await look("huge-records");
    for (const [view, shown] of [
      ["Measurements", "Titre of the long series"],
      ["By kind", "Medicine 10"],
    ] as const) {
      await page.getByRole("radio", { name: view }).check({ force: true });
      await main.getByText(shown).first().waitFor();
      expect(await elements(page), view).toBeLessThan(MAX_ELEMENTS);
      await look(`huge-${view.toLowerCase().replace(" ", "-")}`);
    }

    await main.getByRole("link", { name: "Diagnosis 2999" }).click();
    await page.getByRole("heading", { name: "What it says" }).waitFor();
    await main.getByText("Only the beginning is shown. The whole text is a file below.").waitFor();
    await main.getByText("Only the beginning is shown. Save the file to read all of it.").waitFor();
    expect(await elements(page)).toBeLessThan(MAX_ELEMENTS);
    await look("huge-document");
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save File 1" }).click();
    expect((await readFile(await (await saving).path())).length).toBe(1_900_000);

    const conditions = main.getByRole("listitem").filter({ hasText: /Diagnosis/ });
    const before = await conditions.count();
    const more = main.getByRole("button", { name: /^Show 500 more of / });
    await more.nth(1).click();
    await expect.poll(() => conditions.count()).toBe(before + 500);
    scene.expectClean();
  });
});
