import { type ReactNode, useEffect, useRef } from 'react';
import { Group, Text, Title } from '@mantine/core';
import { useLocation } from 'react-router';
import { useText } from '../words/text.tsx';
import { REGION_NAME } from '../words/region.ts';

interface PageHeaderProps {
  title: string;
  /** One sentence: what the page is for. */
  lead?: ReactNode;
  /** What can be done here as a whole. */
  actions?: ReactNode;
}

/** Whether the reader came here from another page of this one, and not by an address. */
let arrivals = 0;

/** The heading of a page. It names the window, and is where reading goes on when one page gives way to another. */
export function PageHeader({ title, lead, actions }: PageHeaderProps): ReactNode {
  const say = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const region = say(REGION_NAME);
  useEffect(() => {
    document.title = `${title} · ${region}`;
  }, [title, region]);
  useEffect(() => {
    arrivals += 1;
    if (arrivals > 1) heading.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <Group justify="space-between" align="flex-end" mb="md" gap="md">
      <div>
        <Title order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {lead !== undefined && (
          <Text c="dimmed" size="sm" mt={4} maw="72ch">
            {lead}
          </Text>
        )}
      </div>
      {actions}
    </Group>
  );
}
