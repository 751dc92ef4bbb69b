import type { ReactNode } from 'react';
import { ActionIcon, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import type { LocalizedText } from '@clearance/contracts/words';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { Language } from '../words/languages.ts';
import { useLanguage, useText } from '../words/text.tsx';

/** Each language is named in itself. */
export function LanguageSwitch(): ReactNode {
  const { language, speak } = useLanguage();
  return (
    <SegmentedControl
      size="xs"
      aria-label="语言 Language"
      value={language}
      onChange={(value) => speak(value as Language)}
      data={[
        { value: 'zh', label: '中文' },
        { value: 'en', label: 'English' },
      ]}
    />
  );
}

const SCHEMES: readonly { scheme: 'auto' | 'light' | 'dark'; icon: IconName; name: LocalizedText }[] = [
  { scheme: 'auto', icon: 'system', name: { zh: '跟随系统', en: 'As the system' } },
  { scheme: 'light', icon: 'light', name: { zh: '浅色', en: 'Light' } },
  { scheme: 'dark', icon: 'dark', name: { zh: '深色', en: 'Dark' } },
];

/** Light or dark; as the system unless chosen. */
export function SchemeSwitch(): ReactNode {
  const say = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = SCHEMES.find(({ scheme }) => scheme === colorScheme)!;
  const label = say({ zh: `外观：${current.name.zh}`, en: `Appearance: ${current.name.en}` });
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={label} title={label}>
          <Icon name={current.icon} size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(({ scheme, icon, name }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon name={icon} size={16} />}
            rightSection={scheme === colorScheme ? <Icon name="done" size={16} /> : null}
            aria-current={scheme === colorScheme}
            onClick={() => setColorScheme(scheme)}
          >
            {say(name)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
