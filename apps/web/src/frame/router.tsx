import { Button } from "@mantine/core";
import { IconCompass } from "@tabler/icons-react";
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
  useLocation,
} from "@tanstack/react-router";
import { useSession } from "../keys/person.ts";
import { Empty, Failure, Loading } from "../ui/state.tsx";
import type { Page } from "./feature.ts";
import { features } from "./features.ts";
import { frameTexts } from "./frame-texts.ts";
import { nextPaint } from "./quiet.ts";
import { Redirect } from "./redirect.tsx";
import { Shell } from "./shell.tsx";
import { useTexts } from "./texts.ts";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken });

function routeOf({ path, audience, load }: Page) {
  const content = lazyRouteComponent(() => pressTold().then(load), "Page");
  return createRoute({
    getParentRoute: () => root,
    path,
    component: audience === "person" ? withPerson(content) : content,
    loader: pressTold,
  });
}

/**
 * Lets the press that led here be seen before the page's code is asked for, with a link for each of its files, and before the page is drawn: each takes
 * a slow phone a tenth of a second. The navigation shows where one goes, the page before stays for that frame.
 */
async function pressTold(): Promise<void> {
  const isFirst = router.state.resolvedLocation === undefined;
  if (!isFirst && !document.hidden) await nextPaint();
}

type PageComponent = ReturnType<typeof lazyRouteComponent>;

/** The page for somebody with unlocked keys; everybody else goes to the start page, and comes back from there, with the hash as it was given. */
function withPerson(Content: PageComponent) {
  function PersonPage() {
    const { state } = useSession();
    if (state === "restoring") return <Loading />;
    return state === "open" ? <Content /> : <ToStart />;
  }
  return Object.assign(PersonPage, { preload: () => Content.preload?.() });
}

/** Apart from the page, which would else be drawn anew for every step of the address. */
function ToStart() {
  const { pathname } = useLocation();
  // Whoever has locked is on the way there already.
  if (pathname === "/") return <Loading />;
  return <Redirect to="/" search={{ next: pathname }} hash={location.hash.slice(1)} />;
}

function NotFound() {
  const t = useTexts(frameTexts);
  return (
    <Empty
      icon={<IconCompass size={30} />}
      title={t("notFoundTitle")}
      action={
        <Button component={Link} to="/">
          {t("toStart")}
        </Button>
      }
    >
      {t("notFoundText")}
    </Empty>
  );
}

function Broken({ error, reset }: ErrorComponentProps) {
  return <Failure error={error} onRetry={reset} />;
}

/** So long the page before stays while the next one's code comes: less than anybody takes for standing still. */
const PATIENCE_MS = 150;

export const router = createRouter({
  routeTree: root.addChildren(features.flatMap(({ pages }) => pages.map(routeOf))),
  defaultPendingMs: PATIENCE_MS,
  defaultPendingMinMs: 0,
  defaultPendingComponent: Loading,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});
