import { join } from "node:path";
import { actorOf, openSession } from "@galen/cli/session";
import { defaultSettings } from "@galen/ledger/modules/validators/settings";
import type { Message } from "@galen/ledger/tx/transaction";
import { proposalMessage } from "@galen/sdk/proposals/vote";
import { submit } from "@galen/sdk/transactions/submit";
import { expect, it } from "vitest";
import { runGalen } from "./galen-process.ts";
import { answer } from "./web/command-line.ts";
import { chinesePhone, english, englishPhone, type Setting } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const PATIENT = "Brisa Testerly";
const REASON = "Found unconscious, no one to ask";
const stage = useStage();

interface EmergencyReading {
  readonly releases: readonly string[];
  readonly reason: { readonly nonce: string };
}

function readInEmergency(as: string): Promise<EmergencyReading> {
  return answer<EmergencyReading>(stage, "read", "--emergency", "--as", as, "--patient", PATIENT, "--reason", REASON);
}

/** One more than the operator's page shows at first. */
const LATER_PROPOSALS = 20;

/** The hospital proposes that further members may join with a node, and so much else afterwards that this is not among the latest. */
async function proposeOpening(): Promise<void> {
  const session = await openSession({ url: stage.network.url, wallet: join(stage.dataFolder, "wallet") });
  const [hospital, authority] = await Promise.all([actorOf(session, "Sampleton General Hospital"), stage.townPerson("regulator")]);
  const about = (message: Message) =>
    proposalMessage(session.client, { messages: [message], asked: [authority.account], expiresAt: session.client.now() + 86_400_000 });
  const later = about({ type: "governance.removeIssuer", value: { issuer: authority.account } });
  const opening = about({ type: "validators.setPolicy", value: { ...defaultSettings, admission: "open" } });
  const half = Array.from({ length: LATER_PROPOSALS / 2 }, () => later);
  for (const messages of [[opening], half, half]) await submit(session.client, { actors: [hospital], messages });
}

stories("an emergency", () => {
  it("opens what the patient allowed, is seen at once, and is judged by patient and auditor", async () => {
    const [clinician, nurse, auditor] = await Promise.all([
      stage.townPerson("clinician"),
      stage.townPerson("nurse"),
      stage.townPerson("auditor"),
    ]);
    const [patient, watcher] = await Promise.all([stage.open(englishPhone), stage.open(english)]);
    await patient.become(PATIENT);
    await patient.page.goto("/wallet/emergency");
    await patient.page.getByText("Nothing opens, not even in an emergency.").waitFor();
    await patient.page.getByRole("radio", { name: "Certain areas" }).check();
    await patient.page.getByText("Laboratory", { exact: true }).click();
    await patient.look("emergency-choice");
    await patient.page.getByRole("button", { name: "Look at it and sign" }).click();
    const sheet = patient.page.getByRole("dialog");
    await sheet.getByText("What it opens: everything filed under “General”, “Medication”").waitFor();
    await patient.look("emergency-signing");
    await patient.sign();
    await patient.page.getByText("These areas open: General and Medication.").waitFor();

    await watcher.become(auditor.name);
    await watcher.page.getByRole("heading", { name: "Over time" }).waitFor();
    const refusalsBefore = await watcher.page.getByText("no licence", { exact: false }).count();
    const { reason } = await readInEmergency(clinician.name);
    await watcher.page.getByText("emergency, without a grant").waitFor();
    const { code } = await runGalen(["read", "--emergency", "--as", nurse.name, "--patient", PATIENT, "--reason", REASON], {
      GALEN_URL: stage.network.url,
      GALEN_WALLET: join(stage.dataFolder, "wallet"),
    });
    expect(code).not.toBe(0);
    await expect.poll(() => watcher.page.getByText("no licence").count()).toBe(refusalsBefore + 1);
    await watcher.look("auditor-reads");
    expect(await watcher.page.locator("main").textContent(), "a person's name").not.toMatch(/Brisa|Dr\./);

    await watcher.page.goto("/auditor/emergencies");
    await watcher.page.getByText("Check the stated reason").click();
    await watcher.page.getByLabel("Reason, word for word").fill(REASON);
    await watcher.page.getByLabel(/Secret number/).fill(reason.nonce);
    await watcher.page.getByRole("button", { name: "Check", exact: true }).click();
    await watcher.page.getByText("This is the reason to which the reader was bound before reading.").waitFor();
    await watcher.page.getByLabel("Reason, word for word").fill("Found awake");
    await watcher.page.getByRole("button", { name: "Check", exact: true }).click();
    await watcher.page.getByText("This is not the reason").waitFor();
    await watcher.look("auditor-emergencies");
    await watcher.page.getByRole("button", { name: "Not justified …" }).click();
    await watcher.page.getByRole("dialog").getByText("Find a reading in an emergency not justified").waitFor();
    await watcher.sign();
    await watcher.page.getByText("Nothing awaits review").waitFor();
    await watcher.page.getByText("by an auditor of Fictorel Health Authority").waitFor();
    await watcher.look("auditor-judged");

    await patient.page.reload();
    await patient.page.getByText("The auditor says: not justified").waitFor();
    await patient.page.getByRole("button", { name: "Yes …" }).click();
    await patient.sign();
    await patient.page.getByText("You say: justified").waitFor();
    await patient.look("emergency-read");
    for (const scene of [patient, watcher]) scene.expectClean();
  });

  it("has the custodians compared by who presses before the network is open", async () => {
    const { page, become, expectClean } = await stage.open({ ...english, worker: "block" });
    await become((await stage.townPerson("auditor")).name);
    const pressed = Promise.withResolvers<void>();
    await page.route("**/v1/genesis", async (route) => {
      await pressed.promise;
      await route.continue();
    });
    await page.goto("/auditor/custodians");
    await page.getByRole("button", { name: "Compare now" }).click();
    await page.getByText("Comparing").first().waitFor();
    pressed.resolve();
    await page.getByText("agrees", { exact: true }).waitFor();
    expectClean();
  });

  it.each<Setting>([english, chinesePhone])("leaves an auditor and an operator nothing to guess ($device, $language)", async (setting) => {
    if (setting === english) {
      await proposeOpening();
      await answer(stage, "governance", "propose", "custodians", "--as", "Sampleton General Hospital");
    }
    const scene = await stage.open(setting);
    const { page, look } = scene;
    await scene.become((await stage.townPerson("auditor")).name);
    await page.getByRole("main").getByRole("radio").nth(1).check();
    await page.getByRole("main").getByText("Sampleton General Hospital").first().waitFor();
    const past = page.locator("section").filter({ has: page.getByRole("heading", { name: /^(Further back|更早)$/ }) });
    await past.getByRole("radio").nth(3).check();
    await past.getByText("Sampleton General Hospital").first().waitFor();
    await look("auditor-houses");
    await page.goto("/auditor/custodians");
    await page.getByRole("main").getByRole("button").first().click();
    await page.getByText(stage.network.url).waitFor();
    await expect.poll(() => page.getByText(/^(agrees|一致)$/).count()).toBe(1);
    await look("auditor-custodians");
    await page.goto("/auditor/traces");
    await page.getByText(/^(not justified|不正当)$/).waitFor();
    await look("auditor-traces");
    await page.goto("/explorer/operator");
    await page.getByText(/All is well|一切正常/).waitFor();
    await page.getByText(/^(Custodians: those of |保管人所属机构：)“Sampleton General Hospital”$/).waitFor();
    const shares = page.locator("section").filter({ has: page.getByRole("heading", { name: /^(Custodians|保管人)$/ }) });
    await shares.getByText("Sampleton General Hospital").waitFor();
    await page.getByRole("button", { name: /^(Show earlier ones|显示更早的提案)$/ }).click();
    await page.getByText(/^(Decide what gives voting power|决定表决权的规则)$/).waitFor();
    await look("operator");
    await page.goto("/explorer/network");
    const key = page.locator("section").filter({ has: page.getByRole("heading", { name: /^(The custodians' key|保管人的密钥)$/ }) });
    await key.getByText("Sampleton General Hospital").waitFor();
    const validators = page.locator("section").filter({ has: page.getByRole("heading", { name: /^(Validators|验证者)$/ }) });
    await validators.getByText("Sampleton General Hospital").waitFor();
    await look("network");
    scene.expectClean();
  });
});
