import { Checkbox } from "@mantine/core";
import { useTexts } from "../../frame/texts.ts";
import { coSignTexts } from "./co-sign-texts.ts";

interface AskCoSignatureProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Whether a colleague is asked to co-sign what is being written. */
export function AskCoSignature({ checked, onChange }: AskCoSignatureProps) {
  const t = useTexts(coSignTexts);
  return (
    <Checkbox
      size="md"
      label={t("ask")}
      description={t("askHint")}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
