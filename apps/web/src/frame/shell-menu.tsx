import { IconMenu2 } from "@tabler/icons-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { useSession } from "../keys/person.ts";
import { Avatar } from "../ui/surface.tsx";
import { frameTexts } from "./frame-texts.ts";
import styles from "./shell.module.css";
import { useTexts } from "./texts.ts";

const OpenedMenu = lazy(async () => ({ default: (await import("./shell-menu-items.tsx")).OpenedMenu }));

/** The button of the menu. What hangs on it is loaded by the first press. */
export function ShellMenu() {
  const [isWanted, setWanted] = useState(false);
  const button = <MenuButton onClick={() => setWanted(true)} />;
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <OpenedMenu>
        <MenuButton />
      </OpenedMenu>
    </Suspense>
  );
}

function MenuButton(props: ComponentProps<"button">) {
  const t = useTexts(frameTexts);
  const session = useSession();
  if (session.state !== "open") {
    return (
      <button type="button" data-plain aria-label={t("menu")} {...props} className={styles.menuButton}>
        <IconMenu2 size={22} aria-hidden="true" />
      </button>
    );
  }
  const { name } = session.person.saved;
  return (
    <button type="button" aria-label={t("menuOf", { name })} {...props} className={styles.menuButton}>
      <Avatar name={name} size={2.125} />
      <span className={styles.wide}>{name}</span>
    </button>
  );
}
