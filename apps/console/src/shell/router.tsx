import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { createBrowserRouter, Link, Navigate } from 'react-router';
import { PAGES, type Page } from '../routes.tsx';
import { mayOne } from '../session/roles.ts';
import { useSignedIn } from '../session/session.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { NoPermission } from '../states/no-permission.tsx';
import { State } from '../states/state.tsx';
import { useText } from '../words/text.tsx';
import { Frame } from './frame.tsx';
import { Broken } from './broken.tsx';

/** Where the first page that one may see is shown, or led to. */
const HOME = '/';

/** The addresses of the page: the first page that the reader may see, each page, and everything else. */
export function createRoutes(): ReturnType<typeof createBrowserRouter> {
  return createBrowserRouter([
    {
      element: <Frame />,
      children: [
        {
          ErrorBoundary: Broken,
          children: [
            { index: true, element: <FirstPage /> },
            ...PAGES.filter(({ path }) => path !== HOME).map((page) => ({
              path: page.path,
              element: <Permitted page={page} />,
            })),
            { path: '*', element: <Nowhere /> },
          ],
        },
      ],
    },
  ]);
}

function FirstPage(): ReactNode {
  const { person } = useSignedIn();
  const first = PAGES.find(({ icon, roles }) => icon !== undefined && mayOne(person.roles, roles));
  if (first === undefined) return <NothingHere />;
  return first.path === HOME ? <Permitted page={first} /> : <Navigate to={first.path} replace />;
}

function Permitted({ page: { Component, roles, title } }: { page: Page }): ReactNode {
  const say = useText();
  const { person } = useSignedIn();
  if (mayOne(person.roles, roles)) return <Component />;
  return (
    <>
      <PageHeader title={say(title)} />
      <NoPermission needed={roles} />
    </>
  );
}

function NothingHere(): ReactNode {
  const say = useText();
  return (
    <>
      <PageHeader title={say({ zh: '没有可查看的页面', en: 'There is no page for you here' })} />
      <NoPermission needed={[...new Set(PAGES.flatMap(({ roles }) => roles))]} />
    </>
  );
}

function Nowhere(): ReactNode {
  const say = useText();
  return (
    <>
      <PageHeader title={say({ zh: '没有这个页面', en: 'There is no such page' })} />
      <State
        icon="empty"
        title={say({ zh: '地址可能有误，或页面已移走', en: 'The address may be wrong, or the page has moved' })}
        actions={
          <Button component={Link} to="/">
            {say({ zh: '回到首页', en: 'To the first page' })}
          </Button>
        }
      />
    </>
  );
}
