import { status } from "@galen/sdk/client/status";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { askAnew } from "../hearing/asked-anew.ts";
import type { ClockFault } from "../network/clock.ts";
import { clockTexts } from "../network/clock-texts.ts";
import { requireNetwork } from "../network/network.tsx";
import { describeClock } from "./failure.ts";
import styles from "./shell.module.css";
import { useTexts } from "./texts.ts";

/** What both clocks say and what to do, until they agree; then what failed by the wrong one is asked anew. */
export function ClockNotice({ fault }: { readonly fault: ClockFault }) {
  const t = useTexts(clockTexts);
  const asking = useMutation({ mutationFn: async () => status((await requireNetwork()).client) });
  const ask = useRef(asking.mutate);
  ask.current = asking.mutate;
  useEffect(() => {
    // Whoever comes back may have been in the device's settings.
    const comeBack = () => document.visibilityState === "visible" && ask.current();
    document.addEventListener("visibilitychange", comeBack);
    return () => {
      document.removeEventListener("visibilitychange", comeBack);
      askAnew({ event: "gap" });
    };
  }, []);
  const { title, text } = describeClock(fault);
  return (
    <div className={styles.clock} role="alert">
      <strong>{title}</strong>
      <span>{text}</span>
      <Button size="xs" variant="default" loading={asking.isPending} onClick={() => asking.mutate()}>
        {t("again")}
      </Button>
    </div>
  );
}
