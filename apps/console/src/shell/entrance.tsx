import { type ReactNode, useState } from 'react';
import { Button, Group, Text, Title } from '@mantine/core';
import { RouterProvider } from 'react-router/dom';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { Loading } from '../states/loading.tsx';
import { Refused } from '../states/refused.tsx';
import { State } from '../states/state.tsx';
import { REGION_NAME } from '../words/region.ts';
import { useText } from '../words/text.tsx';
import classes from './entrance.module.css';
import emblem from './emblem.svg';
import { LanguageSwitch, SchemeSwitch } from './switches.tsx';
import { createRoutes } from './router.tsx';

/** The way in: the pages for whoever is signed in, for everybody else what keeps them from being. */
export function Entrance(): ReactNode {
  const session = useSession();
  switch (session.state) {
    case 'signed-in':
      return <Pages />;
    case 'starting':
      return (
        <Doorstep>
          <Loading rows={3} />
        </Doorstep>
      );
    case 'unavailable':
      return (
        <Doorstep>
          <Refused error={session.fault} retry={session.retry} />
        </Doorstep>
      );
    case 'closed':
      return (
        <Doorstep>
          <Closed />
        </Doorstep>
      );
    case 'signed-out':
      return (
        <Doorstep>
          <SignedOut signIn={session.signIn} refused={session.refused} />
        </Doorstep>
      );
    default:
      return session satisfies never;
  }
}

/** The router begins where the reader is once they are signed in. */
function Pages(): ReactNode {
  const [router] = useState(createRoutes);
  return <RouterProvider router={router} />;
}

function Doorstep({ children }: { children: ReactNode }): ReactNode {
  const say = useText();
  return (
    <div className={classes['doorstep']}>
      <header className={classes['top']}>
        <LanguageSwitch />
        <SchemeSwitch />
      </header>
      <main className={classes['main']}>
        <Group gap="md" wrap="nowrap" mb="lg">
          <img src={emblem} alt="" width={48} height={48} />
          <div>
            <Title order={1}>{say(REGION_NAME)}</Title>
            <Text c="dimmed" size="sm">
              {say({
                zh: '辽宁、吉林、黑龙江、内蒙古 · 信息互换 · 监管互认 · 执法互助',
                en: 'Liaoning, Jilin, Heilongjiang, Inner Mongolia: results exchanged, inspections recognised',
              })}
            </Text>
          </div>
        </Group>
        {children}
      </main>
    </div>
  );
}

function SignedOut({ signIn, refused }: { signIn: () => void; refused: boolean }): ReactNode {
  const say = useText();
  const [leaving, setLeaving] = useState(false);
  return (
    <>
      {refused && (
        <div className={classes['refused']}>
          <State
            icon="fault"
            tone="attention"
            role="alert"
            title={say({ zh: '登录未完成', en: 'The sign-in was not completed' })}
          >
            {say({
              zh: '登录服务拒绝了登录，或登录页面搁置过久。请再试一次。',
              en: 'The sign-in service refused, or its page was left for too long. Please try again.',
            })}
          </State>
        </div>
      )}
      <div className={`panel ${classes['card']}`}>
        <Text mb="md">
          {say({
            zh: '供口岸协调员、清单起草与审批人员、审计员使用。登录由本区域的登录服务办理，本页不接触口令。',
            en: 'For coordinators, those who draft and approve the list, and auditors. The region’s sign-in service signs you in; this page never sees a password.',
          })}
        </Text>
        <Button
          size="md"
          leftSection={<Icon name="person" />}
          loading={leaving}
          onClick={() => {
            setLeaving(true);
            signIn();
          }}
        >
          {say({ zh: '登录', en: 'Sign in' })}
        </Button>
      </div>
    </>
  );
}

function Closed(): ReactNode {
  const say = useText();
  return (
    <State
      icon="closed"
      tone="attention"
      title={say({ zh: '尚未配置登录服务', en: 'No sign-in service is configured' })}
    >
      <p>
        {say({
          zh: '网关没有指定由谁办理登录，因此不能登录控制台。请运行人员在网关的配置中指定 OpenID Connect 签发者。',
          en: 'The gateway names nobody by whom people sign in, so nobody can. Operations configure an OpenID Connect issuer at the gateway.',
        })}
      </p>
      <p className="code">CLEARANCE_CONSOLE_ISSUER=https://…</p>
    </State>
  );
}
