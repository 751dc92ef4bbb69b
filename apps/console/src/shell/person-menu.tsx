import type { ReactNode } from 'react';
import { Button, Menu, Text } from '@mantine/core';
import { Icon } from '../parts/icon.tsx';
import { ROLE_NAMES } from '../session/roles.ts';
import { useSignedIn } from '../session/session.tsx';
import { unitName } from '../words/names.ts';
import { useText } from '../words/text.tsx';

/** Who one is here, and the way out. */
export function PersonMenu(): ReactNode {
  const say = useText();
  const { person, signOut } = useSignedIn();
  const roles = (person.roles ?? []).map((role) => say(ROLE_NAMES[role])).join(say({ zh: '、', en: ', ' }));
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="default" size="compact-sm" h={30} leftSection={<Icon name="person" size={16} />} maw={180}>
          {person.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" c="var(--mantine-color-text)" fw={600}>
            {person.name}
          </Text>
          {person.unit !== undefined && <Text size="xs">{say(unitName(person.unit))}</Text>}
          {roles !== '' && <Text size="xs">{roles}</Text>}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={signOut}>{say({ zh: '退出登录', en: 'Sign out' })}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
