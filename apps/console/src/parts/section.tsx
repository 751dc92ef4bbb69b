import { type ReactNode, useId } from 'react';
import { Group, Text, Title } from '@mantine/core';
import classes from './section.module.css';

interface SectionProps {
  title: string;
  /** How the figures are to be read. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** Where an address leads: `#conflicts`. */
  id?: string;
  children: ReactNode;
}

/** A part of a page, with a heading of its own. */
export function Section({ title, lead, actions, id, children }: SectionProps): ReactNode {
  const heading = useId();
  return (
    <section className={`panel ${classes['section']}`} aria-labelledby={heading} id={id}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
        <div className={classes['words']}>
          <Title order={2} id={heading}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text size="sm" c="dimmed" mt={2} maw="86ch" component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}
