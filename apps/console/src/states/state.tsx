import type { ReactNode } from 'react';
import { Group, Text } from '@mantine/core';
import { Icon, type IconName } from '../parts/icon.tsx';
import classes from './state.module.css';

interface StateProps {
  icon: IconName;
  tone?: 'plain' | 'attention' | 'bad';
  title: string;
  children?: ReactNode;
  /** What can be done about it. */
  actions?: ReactNode;
  /** `alert` where something went amiss while the reader was at it. */
  role?: 'alert' | 'status';
}

/** Stands where something is not: why, and what can be done about it. */
export function State({ icon, tone = 'plain', title, children, actions, role }: StateProps): ReactNode {
  return (
    <div className={`panel ${classes['state']}`} role={role}>
      <div className={`${classes['sign']} ${classes[tone] ?? ''}`}>
        <Icon name={icon} size={24} />
      </div>
      <div className={classes['words']}>
        <Text fw={600}>{title}</Text>
        {children !== undefined && (
          <Text component="div" size="sm" c="dimmed" mt={4}>
            {children}
          </Text>
        )}
        {actions !== undefined && (
          <Group gap="sm" mt="md">
            {actions}
          </Group>
        )}
      </div>
    </div>
  );
}
