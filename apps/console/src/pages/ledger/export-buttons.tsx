import type { ReactNode } from 'react';
import { Group } from '@mantine/core';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useText } from '../../words/text.tsx';

interface ExportButtonsProps {
  question: 'shown' | 'withheld' | 'rows';
  conditions: Readonly<Record<string, string>>;
}

/** The whole answer as a file: with its chain proof for whoever verifies, as a table for whoever reads. */
export function ExportButtons({ question, conditions }: ExportButtonsProps): ReactNode {
  const say = useText();
  const path = (more: Record<string, string>): string =>
    `/api/v1/ledger/export?${new URLSearchParams({ question, ...conditions, ...more })}`;
  return (
    <Group gap="xs">
      <DownloadButton
        // The proof is the last line: without it the file is cut off.
        file={{ path: path({ format: 'jsonl' }), name: `ledger-${question}.jsonl`, endsWith: '"type":"head"' }}
      >
        {say({ zh: '导出（附链证明）', en: 'Export with proof' })}
      </DownloadButton>
      <DownloadButton file={{ path: path({ format: 'csv', bom: 'true' }), name: `ledger-${question}.csv` }}>
        {say({ zh: '导出表格', en: 'Export as CSV' })}
      </DownloadButton>
    </Group>
  );
}
