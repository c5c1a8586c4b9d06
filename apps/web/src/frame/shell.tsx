import { Link, Outlet, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSession } from "../keys/person.ts";
import { useOnline } from "../network/online.ts";
import { SigningProvider } from "../signing/signing.tsx";
import { RingMark } from "../ui/ring-mark.tsx";
import { ClockBar } from "./clock-bar.tsx";
import { useDeskAt } from "./desks.ts";
import type { Desk, NavigationItem } from "./feature.ts";
import { frameTexts } from "./frame-texts.ts";
import styles from "./shell.module.css";
import { ShellMenu } from "./shell-menu.tsx";
import { useTexts } from "./texts.ts";
import { UpdateBar } from "./update-bar.tsx";

/** What surrounds every page: bar, navigation of the desk, content. */
export function Shell() {
  const { pathname } = useLocation();
  const { state } = useSession();
  const desk = useDeskAt(pathname);
  return (
    <SigningProvider page={pathname}>
      <ShellFrame desk={state === "open" ? desk : undefined}>
        <Outlet />
      </ShellFrame>
    </SigningProvider>
  );
}

export function ShellFrame({ desk, children }: { readonly desk?: Desk | undefined; readonly children: ReactNode }) {
  const t = useTexts(frameTexts);
  return (
    <div className={desk && styles.hasRail}>
      <a className={styles.skip} href="#content">
        {t("skip")}
      </a>
      <header className={styles.bar}>
        <Link className={styles.brand} to="/" aria-label={t("home")}>
          <RingMark size={34} />
          {t("brand")}
        </Link>
        <Link className={`${styles.barLink} ${styles.wide}`} to="/check">
          {t("check")}
        </Link>
        <Link className={`${styles.barLink} ${styles.wide}`} to="/explorer">
          {t("explorer")}
        </Link>
        <ShellMenu />
      </header>
      <div className={styles.body}>
        {desk && <Rail desk={desk} />}
        <main id="content" className={styles.main} tabIndex={-1}>
          <div className={styles.inner}>{children}</div>
        </main>
      </div>
      <div className={styles.notices}>
        <UpdateBar />
        <OfflineBar />
        <ClockBar />
      </div>
    </div>
  );
}

function Rail({ desk }: { readonly desk: Desk }) {
  const t = useTexts(frameTexts);
  const { pathname } = useLocation();
  return (
    <nav className={styles.rail} aria-label={t("navigation")}>
      <div className={styles.railItems}>
        {desk.navigation.map((item) => (
          <RailLink key={item.to} {...item} isHere={isAt(pathname, item, desk.home)} />
        ))}
      </div>
    </nav>
  );
}

/** Every page of a desk lies under its home. */
function isAt(path: string, { to, leadsTo = [] }: NavigationItem, home: string): boolean {
  const isUnder = (address: string) => path.startsWith(`${address}/`);
  return path === to || (to !== home && isUnder(to)) || leadsTo.some((address) => path === address || isUnder(address));
}

function RailLink({ to, icon: Icon, label, isHere }: NavigationItem & { readonly isHere: boolean }) {
  const t = useTexts(label.texts);
  return (
    <Link className={styles.railLink} to={to} activeOptions={{ exact: true }} aria-current={isHere ? "true" : undefined}>
      <Icon size={24} stroke={1.75} aria-hidden="true" />
      {t(label.key)}
    </Link>
  );
}

function OfflineBar() {
  const t = useTexts(frameTexts);
  if (useOnline()) return null;
  return (
    <div className={styles.offline} role="status">
      {t("offlineBar")}
    </div>
  );
}
