import { type ReactNode, useState } from 'react';
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { asRefusal } from '../../session/sign-in-terms.ts';
import { Icon } from '../../parts/icon.tsx';
import { useText } from '../../words/text.tsx';
import { saveFile } from './save-file.ts';

interface CsvButtonProps {
  path: string;
  query: Readonly<Record<string, string>>;
  /** Of the file, without its ending. */
  name: string;
}

/** Saves figures for a spreadsheet. */
export function CsvButton({ path, query, name }: CsvButtonProps): ReactNode {
  const say = useText();
  const [saving, setSaving] = useState(false);
  const save = async (): Promise<void> => {
    setSaving(true);
    try {
      await saveFile(path, { ...query, format: 'csv', bom: 'true' }, `${name}.csv`);
    } catch (error) {
      notifications.show({
        color: 'red',
        title: say({ zh: '未能下载', en: 'It could not be saved' }),
        message: say(asRefusal(error).detail),
      });
    } finally {
      setSaving(false);
    }
  };
  return (
    <Button
      variant="default"
      loading={saving}
      leftSection={<Icon name="download" size={16} />}
      onClick={() => void save()}
    >
      {say({ zh: '下载 CSV', en: 'Save as CSV' })}
    </Button>
  );
}
