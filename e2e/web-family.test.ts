import { expect, it } from "vitest";
import { answer } from "./web/command-line.ts";
import { chinesePhone, english, englishPhone, type Scene } from "./web/stage.ts";
import { stories, useStage } from "./web/stories.ts";

const [PARENT, CHILD, DOCTOR] = ["Liorel Synthern", "Kestra Makebury", "Dr. Brisa Placeholm"] as const;
/** Who has opened records to that doctor, as the child has not. */
const PATIENT = "Brisa Testerly";
/** For whom somebody acts besides. */
const OTHER = "Alwen Sampleton";
const stage = useStage();

async function openChild({ page }: Scene): Promise<void> {
  await page.getByRole("radio", { name: CHILD }).check();
  await page.getByRole("button", { name: `Open the records of ${CHILD}` }).click();
  await page.getByText("Allergy to penicillin").waitFor();
}

stories("a parent", () => {
  it("gives and ends access for the child, in areas that the opened records show", async () => {
    const [scene, doctor] = [await stage.open(englishPhone), await stage.open(english)];
    const { page, look } = scene;
    await doctor.become(DOCTOR);
    await doctor.page.getByRole("link", { name: new RegExp(PATIENT) }).waitFor();
    expect(await doctor.page.getByRole("link", { name: new RegExp(CHILD) }).count()).toBe(0);
    await scene.become(PARENT);
    await openChild(scene);
    await page.getByRole("link", { name: "Access" }).click();
    // The page before has such a choice too.
    await page.getByRole("heading", { name: "Who can see your records" }).waitFor();
    await page.getByRole("radio", { name: CHILD }).check();
    await page.getByRole("heading", { name: `Who can see the records of ${CHILD}` }).waitFor();
    await look("child-access");
    await page.getByRole("link", { name: "Give access" }).click();
    await page.getByRole("heading", { name: `Give access to the records of ${CHILD}` }).waitFor();
    await page.getByText("Every reading is logged, and the access can be ended at any time.").waitFor();
    await page.getByRole("combobox", { name: "Who may read" }).fill(DOCTOR);
    await page.getByText(/Opens General, .+ documents? today, to Dr\. Brisa Placeholm/).waitFor();
    await look("child-grant");
    await page.getByRole("button", { name: "Look at it and sign" }).click();
    await page.getByRole("dialog").getByText(`Whose records: “${CHILD}”`).waitFor();
    await page
      .getByRole("dialog")
      .getByText(/“General”/)
      .waitFor();
    await scene.sign();
    // The doctor's list knows at once, and the parent of the reading of the child's records.
    await doctor.page.getByRole("link", { name: new RegExp(CHILD) }).waitFor();

    const read = await answer<{ documents: readonly unknown[] }>(stage, "read", "--as", DOCTOR, "--patient", CHILD, "--purpose", "TREAT");
    expect(read).toBeTruthy();
    await page.getByText(`${DOCTOR} has just read the records of ${CHILD}`).waitFor();
    await look("child-read-live");
    await page.getByRole("radio", { name: CHILD }).check();
    await page.getByRole("button", { name: `End access: ${DOCTOR}` }).click();
    await page.getByRole("dialog").getByText("End a grant at once").waitFor();
    await page.getByRole("dialog").getByText(`access of ${DOCTOR}`).waitFor();
    await look("end-access");
    await scene.sign();
    await page.getByText("ended early").first().waitFor();
    await page.getByRole("link", { name: "Who looked" }).click();
    await page.getByRole("heading", { name: "Who looked" }).waitFor();
    await page.getByRole("radio", { name: CHILD }).check();
    await page
      .getByText(new RegExp(`${DOCTOR.replaceAll(".", "\\.")} read`))
      .first()
      .waitFor();
    scene.expectClean();
  });

  it("decides what opens for the child in an emergency", async () => {
    const scene = await stage.open(english);
    const { page, look } = scene;
    await scene.become(PARENT);
    await openChild(scene);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Emergency settings" }).click();
    await page.getByRole("radio", { name: CHILD }).check();
    await page.getByRole("heading", { name: `In an emergency of ${CHILD}` }).waitFor();
    await page.getByText(`If ${CHILD} is hurt and you are out of reach`, { exact: false }).waitFor();
    await page.getByText("Nothing opens, not even in an emergency.").waitFor();
    await page.getByRole("radio", { name: "Certain areas" }).check();
    await look("child-emergency");
    await page.getByRole("button", { name: "Look at it and sign" }).click();
    await page.getByRole("dialog").getByText(`“${CHILD}”`).waitFor();
    await scene.sign();
    await page.getByText(/These areas open: .*General/).waitFor();
    scene.expectClean();
  });
});

stories("somebody who is trusted", () => {
  it("acts for the owner until it is taken back", async () => {
    await answer(stage, "delegation", "give", "--as", OTHER, "--to", "Brisa Testerly", "--scope", "records.read");
    // Without the offline shell, so that the story can stand between page and custodians.
    const [owner, friend] = [await stage.open(englishPhone), await stage.open({ ...english, worker: "block" })];
    await friend.become("Brisa Testerly");
    await friend.page.getByRole("heading", { name: "Medication" }).waitFor();
    expect(await friend.page.getByRole("radio", { name: "Corvin Mockridge" }).count()).toBe(0);
    await owner.become("Corvin Mockridge");
    await owner.page.goto("/wallet/delegates");
    await owner.page.getByText("Nobody acts for you.").waitFor();
    const delegate = owner.page.getByRole("combobox", { name: "Who shall act for you" });
    await delegate.fill("Corvin Mockridge");
    await owner.page.getByText("You need nobody's leave to act for yourself.").waitFor();
    await delegate.fill("Brisa Testerly");
    await owner.look("delegates-form");
    await owner.page.getByRole("button", { name: "Look at it and sign" }).click();
    await owner.page.getByRole("dialog").getByText("Let somebody act for the owner of records").waitFor();
    await owner.sign();
    await owner.page.getByRole("button", { name: "End it: Brisa Testerly" }).waitFor();
    await owner.look("delegates");

    await friend.page.getByRole("radio", { name: "Corvin Mockridge" }).check();
    const slow = Promise.withResolvers<void>();
    await friend.page.route("**/v1/custody/shares", (route) => slow.promise.then(() => route.continue()));
    await friend.page.getByRole("button", { name: "Open the records of Corvin Mockridge" }).click();
    // What opens late is nobody else's, whoever is looked at by then.
    await friend.page.getByRole("radio", { name: OTHER }).check();
    slow.resolve();
    await owner.page.getByText("Brisa Testerly has just read your records").waitFor();
    await friend.page.getByRole("radio", { name: "Corvin Mockridge" }).check();
    await friend.page.getByRole("heading", { name: "Conditions" }).waitFor();
    await friend.page.getByRole("radio", { name: OTHER }).check();
    await friend.page.getByRole("button", { name: `Open the records of ${OTHER}` }).waitFor();
    await friend.page.getByRole("radio", { name: "Corvin Mockridge" }).check();
    await owner.page.getByRole("button", { name: "End it: Brisa Testerly" }).click();
    await owner.sign();
    await owner.page.getByText("Nobody acts for you.").waitFor();
    await friend.page.getByRole("radio", { name: "Corvin Mockridge" }).waitFor({ state: "hidden" });
    // Nobody is left with records of another, or without a way back to the own ones.
    await friend.page.getByRole("heading", { name: "Your records" }).waitFor();
    for (const scene of [owner, friend]) scene.expectClean();
  });

  it("finds guardians, delegates and restoring in Chinese", async () => {
    const scene = await stage.open(chinesePhone);
    const { page, look } = scene;
    await page.goto("/keys/recover");
    await page.getByRole("heading", { name: "由守护人恢复" }).waitFor();
    await look("recover-who");
    await scene.become(PARENT);
    await page.goto("/wallet/guardians");
    await page.getByText("您还没有守护人").waitFor();
    await page.getByRole("button", { name: "选择守护人" }).click();
    await look("guardians-form");
    await page.goto("/wallet/delegates");
    await page.getByText(CHILD).waitFor();
    await look("delegates");
    await page.goto("/wallet/help");
    await page.getByRole("textbox").fill("recover=<script>alert(1)</script>");
    await page.getByText("这个二维码已损坏，或不是请求换新密钥的。").waitFor();
    await look("help");
    scene.expectClean();
  });
});
