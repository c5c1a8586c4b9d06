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
import { Redirect } from "./redirect.tsx";
import { Shell } from "./shell.tsx";
import { useTexts } from "./texts.ts";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken });

function routeOf({ path, audience, load }: Page) {
  const content = lazyRouteComponent(load, "Page");
  return createRoute({ getParentRoute: () => root, path, component: audience === "person" ? withPerson(content) : content });
}

type PageComponent = ReturnType<typeof lazyRouteComponent>;

/** The page for somebody with unlocked keys; everybody else goes to the start page, and comes back from there. */
function withPerson(Content: PageComponent) {
  function PersonPage() {
    const { state } = useSession();
    const { pathname, hash } = useLocation();
    if (state === "restoring") return <Loading />;
    return state === "open" ? <Content /> : <Redirect to="/" search={{ next: pathname }} hash={hash} />;
  }
  return Object.assign(PersonPage, { preload: () => Content.preload?.() });
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
