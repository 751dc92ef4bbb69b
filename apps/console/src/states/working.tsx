import { type ReactNode, useEffect, useState } from 'react';
import { Button, Group, Progress, Text } from '@mantine/core';
import { useFormats } from '../words/formats.ts';
import { useText } from '../words/text.tsx';

interface WorkingProps {
  /** What is being done. */
  title: string;
  /** How far it is, 0 to 1; absent where nobody knows. */
  done?: number;
  /** How far, in words: `812 / 1,904`. */
  told?: string;
  cancel?: () => void;
}

/** Something that takes its time: what, how far, since when; and a way out where there is one. */
export function Working({ title, done, told, cancel }: WorkingProps): ReactNode {
  const say = useText();
  const { duration } = useFormats();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const since = performance.now();
    const timer = setInterval(() => setSeconds(Math.round((performance.now() - since) / 1_000)), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="panel" style={{ padding: 16 }} role="status">
      <Group justify="space-between" mb={8}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="sm" c="dimmed" className="numeric">
          {[told, seconds > 1 ? duration(seconds) : undefined].filter(Boolean).join(' · ')}
        </Text>
      </Group>
      <Progress value={done === undefined ? 100 : done * 100} animated={done === undefined} aria-label={title} />
      {cancel !== undefined && (
        <Button variant="subtle" size="compact-sm" mt={8} onClick={cancel}>
          {say({ zh: '取消', en: 'Cancel' })}
        </Button>
      )}
    </div>
  );
}
