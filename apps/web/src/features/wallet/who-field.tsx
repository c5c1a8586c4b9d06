import { Autocomplete, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconScan } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTexts } from "../../frame/texts.ts";
import { parseCode } from "../../keys/code-link.ts";
import { useNames } from "../../keys/names.ts";
import { usePerson } from "../../keys/person.ts";
import { Mono, Note } from "../../ui/surface.tsx";
import styles from "./access.module.css";
import { accessTexts } from "./access-texts.ts";
import type { Reader } from "./grant-draft.ts";

const ScanSheet = lazy(async () => ({ default: (await import("../../scan/scan-sheet.tsx")).ScanSheet }));

/** Parts in a network that are houses, not people. */
const organisations: readonly (string | undefined)[] = [
  "hospital",
  "clinic",
  "family-practice",
  "pharmacy",
  "insurer",
  "regulator",
  "licensing-body",
];

interface WhoFieldProps {
  readonly value: Reader | undefined;
  readonly onChange: (reader: Reader | undefined) => void;
}

/** Whom the grant names: by name, by account number, or by the code that the other shows. */
export function WhoField({ value, onChange }: WhoFieldProps) {
  const t = useTexts(accessTexts);
  const { known, parse } = useReaders();
  const [text, setText] = useState(value?.name || value?.account || "");
  const [isScanning, scanning] = useDisclosure();
  const [isForeign, setForeign] = useState(false);

  function choose(typed: string): void {
    setText(typed);
    onChange(parse(typed));
  }

  function take(code: string): void {
    scanning.close();
    const found = parseCode(code);
    setForeign(!found);
    if (!found) return;
    setText(found.name || found.account);
    onChange(found);
  }

  return (
    <div>
      <div className={styles.who}>
        <Autocomplete
          label={t("who")}
          description={t("whoHint")}
          size="md"
          required
          limit={8}
          data={known}
          value={text}
          onChange={choose}
          error={text.length > 2 && !value ? t("whoNotFound") : undefined}
        />
        <Button variant="default" leftSection={<IconScan size={22} />} onClick={scanning.open}>
          {t("scan")}
        </Button>
      </div>
      {value && <Mono>{value.account}</Mono>}
      {isForeign && <Note tone="bad">{t("scanForeign")}</Note>}
      {isScanning && (
        <Suspense>
          <ScanSheet onFound={take} onClose={scanning.close} />
        </Suspense>
      )}
    </div>
  );
}

/** Who can be named by typing: whom this browser knows, oneself excepted. */
function useReaders() {
  const names = useNames();
  const { saved } = usePerson();
  const others = [...names].filter(([account, { part }]) => account !== saved.account && part !== "patient");
  const parse = (typed: string): Reader | undefined => {
    if (/^[0-9a-f]{64}$/.test(typed)) return { account: typed, name: names.get(typed)?.name ?? "" };
    const found = others.find(([, { name }]) => name.toLowerCase() === typed.trim().toLowerCase());
    return found && { account: found[0], name: found[1].name, isOrganisation: organisations.includes(found[1].part) };
  };
  return { known: [...new Set(others.map(([, { name }]) => name))], parse };
}
