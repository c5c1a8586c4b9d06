import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { frameTexts } from "../frame/frame-texts.ts";
import { useTexts } from "../frame/texts.ts";

/** A passphrase, covered until somebody wants to see it. */
export function PassphraseInput(props: PasswordInputProps) {
  const t = useTexts(frameTexts);
  return <PasswordInput size="md" visibilityToggleButtonProps={{ "aria-label": t("showPassphrase") }} {...props} />;
}
