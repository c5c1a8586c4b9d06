import { Autocomplete, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconScan } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTexts } from "../frame/texts.ts";
import { type CodeContent, parseCode } from "../keys/code-link.ts";
import { type Known, type Names, useNames } from "../keys/names.ts";
import { Mono, Note } from "../ui/surface.tsx";
import styles from "./people.module.css";
import { peopleTexts } from "./texts.ts";

const ScanSheet = lazy(async () => ({ default: (await import("../scan/scan-sheet.tsx")).ScanSheet }));

/** Which of those whom the browser knows are offered by name. */
export type Sought = (known: Known, account: string) => boolean;

export const isPatient = ({ part }: Known): boolean => part === "patient" || part === "parent";

/** Somebody who works at a house. */
export const isWorker: Sought = (known) => !isPatient(known) && known.worksFor !== undefined;

interface PersonFieldProps {
  readonly label: string;
  readonly isSought: Sought;
  /** Whether nothing can be done without naming somebody, true unless told. */
  readonly isRequired?: boolean;
  /** Why the one who is named will not do here. */
  readonly unfit?: string | undefined;
  readonly value: CodeContent | undefined;
  readonly onChange: (person: CodeContent | undefined) => void;
}

/** Who is meant: by name, by account number, or by the code that the person shows. Two of one name are never taken for one another. */
export function PersonField({ label, isSought, isRequired = true, unfit, value, onChange }: PersonFieldProps) {
  const t = useTexts(peopleTexts);
  const names = useNames();
  const [isScanning, scanning] = useDisclosure();
  const { text, isForeign, misnamed, choose, take } = useNaming({ isSought, value, onChange });
  const isAmbiguous = accountsNamed(names, isSought, text).length > 1;
  return (
    <div>
      <Autocomplete
        label={label}
        description={t("hint")}
        size="md"
        required={isRequired}
        limit={8}
        data={[...new Set([...names].filter(([account, known]) => isSought(known, account)).map(([, { name }]) => name))]}
        value={text}
        onChange={choose}
        error={text.length > 2 && !value ? t(isAmbiguous ? "severalFound" : "notFound") : unfit}
        // Beside the input and above what is wrong with it, so that the button stays where it is.
        inputContainer={(input) => (
          <div className={styles.field}>
            {input}
            <Button variant="default" leftSection={<IconScan size={22} />} onClick={scanning.open}>
              {t("scan")}
            </Button>
          </div>
        )}
      />
      <Named account={value?.account} misnamed={misnamed} isForeign={isForeign} />
      {isScanning && (
        <Suspense>
          <ScanSheet
            onFound={(code) => {
              scanning.close();
              take(code);
            }}
            onClose={scanning.close}
          />
        </Suspense>
      )}
    </div>
  );
}

interface NamedProps {
  readonly account: string | undefined;
  readonly misnamed: string | undefined;
  readonly isForeign: boolean;
}

/** The account that is named, and what is wrong with the code that was scanned or opened. */
function Named({ account, misnamed, isForeign }: NamedProps) {
  const t = useTexts(peopleTexts);
  return (
    <>
      <p className={styles.number}>{account !== undefined && <Mono>{account}</Mono>}</p>
      {misnamed !== undefined && <Note tone="bad">{t("misnamed", { name: misnamed })}</Note>}
      {isForeign && <Note tone="bad">{t("scanForeign")}</Note>}
    </>
  );
}

/** What was typed or scanned, and whom it names. */
function useNaming({ isSought, value, onChange }: Pick<PersonFieldProps, "isSought" | "value" | "onChange">) {
  const names = useNames();
  const [text, setText] = useState(value?.name || value?.account || "");
  const [isForeign, setForeign] = useState(false);
  // The name of an account that a link names may come after the field.
  const shown = value !== undefined && text === value.account ? value.name || text : text;

  const late = value === undefined ? parsePerson(names, isSought, text) : undefined;
  // Names may come after they were typed.
  useEffect(() => {
    if (late) onChange(late);
  }, [late?.account]);

  const [misnamed, setMisnamed] = useState<string>();
  const name = value && nameHere(names, value);
  useEffect(() => {
    if (value === undefined || name === undefined || name === value.name) return;
    // A name is what the bearer of a code says. Nothing that follows, the signature least of all, repeats another than the one that is known here.
    if (isNameOfAnother(names, value)) setMisnamed(value.name);
    setText(name || value.account);
    onChange({ account: value.account, name });
  }, [name, value?.name]);

  function choose(typed: string): void {
    setMisnamed(undefined);
    setText(typed);
    onChange(parsePerson(names, isSought, typed));
  }

  function take(code: string): void {
    const scanned = parseCode(code);
    setForeign(!scanned);
    setMisnamed(undefined);
    if (!scanned) return;
    setText(scanned.name || scanned.account);
    onChange(scanned);
  }

  return { text: shown, isForeign, misnamed, choose, take };
}

/** Accounts of those of this name. */
export function accountsNamed(names: Names, isSought: Sought, name: string): readonly string[] {
  const folded = name.trim().toLowerCase();
  return [...names]
    .filter(([account, known]) => isSought(known, account) && known.name.toLowerCase() === folded)
    .map(([account]) => account);
}

/** What somebody is called here who was named by a code: as this browser knows the account, else as the code says, unless that is somebody else's name. */
function nameHere(names: Names, code: CodeContent): string {
  return names.get(code.account)?.name || (isNameOfAnother(names, code) ? "" : code.name);
}

/** Whether this browser knows another account by the name that a code gives to this one. */
function isNameOfAnother(names: Names, { account, name }: CodeContent): boolean {
  const known = accountsNamed(names, () => true, name);
  return known.length > 0 && !known.includes(account);
}

function parsePerson(names: Names, isSought: Sought, typed: string): CodeContent | undefined {
  const account = typed.trim();
  if (/^[0-9a-f]{64}$/.test(account)) return { account, name: names.get(account)?.name ?? "" };
  const [only, another] = accountsNamed(names, isSought, typed);
  return only === undefined || another !== undefined ? undefined : { account: only, name: names.get(only)!.name };
}
