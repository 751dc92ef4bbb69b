import { type ReactNode, useState } from 'react';
import { Button, type ButtonProps } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { download, type Download } from '../api/download.ts';
import { RefusedCall } from '../api/refused-call.ts';
import { useFormats } from '../words/formats.ts';
import { useText } from '../words/text.tsx';
import { Icon } from './icon.tsx';

interface DownloadButtonProps extends Pick<ButtonProps, 'size' | 'variant'> {
  file: Omit<Download, 'onProgress' | 'signal'>;
  children: ReactNode;
}

/** Fetches a file to be kept. While it comes it says how much of it is there, and can be given up. */
export function DownloadButton({ file, children, size = 'sm', variant = 'default' }: DownloadButtonProps): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const [coming, setComing] = useState<{ bytes: number; giveUp: () => void }>();
  const begin = (): void => {
    const controller = new AbortController();
    const giveUp = (): void => controller.abort();
    setComing({ bytes: 0, giveUp });
    download({ ...file, signal: controller.signal, onProgress: (bytes) => setComing({ bytes, giveUp }) })
      .catch((error: unknown) => {
        if (!(error instanceof RefusedCall)) return;
        notifications.show({
          color: 'red',
          title: say({ zh: '未能下载', en: 'It could not be downloaded' }),
          message: [say(error.detail), error.requestId].filter(Boolean).join(' · '),
          closeButtonProps: { 'aria-label': say({ zh: '关闭', en: 'Close' }) },
        });
      })
      .finally(() => setComing(undefined));
  };
  if (coming !== undefined) {
    const kilobytes = number(Math.ceil(coming.bytes / 1_024));
    return (
      <Button size={size} variant={variant} onClick={coming.giveUp} className="numeric">
        {say({ zh: `已收 ${kilobytes} KB，取消`, en: `${kilobytes} KB so far; cancel` })}
      </Button>
    );
  }
  return (
    <Button size={size} variant={variant} leftSection={<Icon name="download" size={16} />} onClick={begin}>
      {children}
    </Button>
  );
}
