import { type ReactNode, Suspense, useEffect } from 'react';
import { AppShell, Burger, Group, NavLink, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from 'react-router';
import { Icon } from '../parts/icon.tsx';
import { PAGES } from '../routes.tsx';
import { mayOne } from '../session/roles.ts';
import { useSignedIn } from '../session/session.tsx';
import { Loading } from '../states/loading.tsx';
import { SessionEnded } from '../states/session-ended.tsx';
import { REGION_NAME } from '../words/region.ts';
import { useText } from '../words/text.tsx';
import classes from './frame.module.css';
import emblem from './emblem.svg';
import { PersonMenu } from './person-menu.tsx';
import { LanguageSwitch, SchemeSwitch } from './switches.tsx';

const MAIN = 'main';

/** What is around every page: where one can go, who one is, and how the page is read. */
export function Frame(): ReactNode {
  const say = useText();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 208, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'lg' }}
    >
      <a className="skip-link" href={`#${MAIN}`}>
        {say({ zh: '跳到正文', en: 'Skip to the content' })}
      </a>
      <AppShell.Header className={classes['header']}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" className={classes['name']}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={say({ zh: '导航', en: 'Navigation' })}
              aria-expanded={opened}
              aria-controls="navigation"
            />
            <UnstyledButton component={Link} to="/" className={classes['home']}>
              <img src={emblem} alt="" width={30} height={30} />
              <Text component="span" fw={600} truncate>
                {say(REGION_NAME)}
              </Text>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LanguageSwitch />
            <SchemeSwitch />
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        id="navigation"
        className={classes['navbar']}
        aria-label={say({ zh: '导航', en: 'Navigation' })}
      >
        <Places pathname={pathname} />
        <Text size="xs" c="dimmed" mt="auto" p="xs">
          {say({ zh: '时间均为北京时间', en: 'All times are Beijing time' })}
        </Text>
      </AppShell.Navbar>
      <AppShell.Main id={MAIN} tabIndex={-1} className={classes['main']}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <SessionEnded />
    </AppShell>
  );
}

function Places({ pathname }: { pathname: string }): ReactNode {
  const say = useText();
  const { person } = useSignedIn();
  return PAGES.flatMap(({ path, title, icon, roles }) => {
    if (icon === undefined || !mayOne(person.roles, roles)) return [];
    const here = pathname === path || pathname.startsWith(`${path}/`);
    return [
      <NavLink
        key={path}
        component={Link}
        to={path}
        active={here}
        aria-current={here ? 'page' : undefined}
        leftSection={<Icon name={icon} />}
        label={say(title)}
        className={classes['place']!}
      />,
    ];
  });
}
