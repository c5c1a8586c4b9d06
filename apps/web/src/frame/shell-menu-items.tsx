import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconArrowsExchange,
  IconDeviceDesktop,
  IconHome,
  IconLock,
  IconMoon,
  IconSearch,
  IconShieldCheck,
  IconSun,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { SavedPerson } from "../keys/people-store.ts";
import { leave, lockEverywhere, useSession } from "../keys/person.ts";
import { useDeskOf } from "./desks.ts";
import { frameTexts } from "./frame-texts.ts";
import { currentLanguage, type Language, languages, setLanguage, useTexts } from "./texts.ts";

/** Who sits here, and how the app looks and speaks; opened, because it is loaded by the first press on its button. */
export function OpenedMenu({ children }: { readonly children: ReactElement }) {
  const t = useTexts(frameTexts);
  const session = useSession();
  return (
    <Menu width={280} position="bottom-end" shadow="md" radius="md" defaultOpened>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {session.state === "open" && <PersonItems person={session.person.saved} />}
        <Menu.Item component={Link} to="/check" leftSection={<IconShieldCheck size={20} />}>
          {t("check")}
        </Menu.Item>
        <Menu.Item component={Link} to="/explorer" leftSection={<IconSearch size={20} />}>
          {t("explorer")}
        </Menu.Item>
        <LanguageItems />
        <AppearanceItems />
      </Menu.Dropdown>
    </Menu>
  );
}

function PersonItems({ person: { part, lock: how } }: { readonly person: SavedPerson }) {
  const t = useTexts(frameTexts);
  const { home } = useDeskOf()(part);
  const navigate = useNavigate();
  // At once, however long the start page's code takes; but already on the way there, so that nobody is led back to this page.
  function goodbye(end: () => void): void {
    void navigate({ to: "/" });
    end();
  }
  return (
    <>
      <Menu.Item component={Link} to={home} leftSection={<IconHome size={20} />}>
        {t("myPlace")}
      </Menu.Item>
      <Menu.Item leftSection={<IconArrowsExchange size={20} />} onClick={() => goodbye(leave)}>
        {t("changePerson")}
      </Menu.Item>
      {how.kind !== "town" && (
        <Menu.Item leftSection={<IconLock size={20} />} onClick={() => goodbye(lockEverywhere)}>
          {t("lock")}
        </Menu.Item>
      )}
      <Menu.Divider />
    </>
  );
}

function LanguageItems() {
  const t = useTexts(frameTexts);
  const current = currentLanguage();
  return (
    <>
      <Menu.Label>{t("language")}</Menu.Label>
      {Object.entries(languages).map(([language, name]) => (
        <Menu.Item
          key={language}
          lang={language}
          aria-current={language === current}
          fw={language === current ? 650 : undefined}
          onClick={() => setLanguage(language as Language)}
        >
          {name}
        </Menu.Item>
      ))}
    </>
  );
}

const schemes = [
  ["light", IconSun],
  ["dark", IconMoon],
  ["system", IconDeviceDesktop],
] as const;

function AppearanceItems() {
  const t = useTexts(frameTexts);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t("appearance")}</Menu.Label>
      {schemes.map(([scheme, Icon]) => {
        const value = scheme === "system" ? "auto" : scheme;
        return (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={20} />}
            aria-current={value === colorScheme}
            fw={value === colorScheme ? 650 : undefined}
            onClick={() => setColorScheme(value)}
          >
            {t(scheme)}
          </Menu.Item>
        );
      })}
    </>
  );
}
