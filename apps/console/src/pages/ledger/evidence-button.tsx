import type { ReactNode } from 'react';
import { DownloadButton } from '../../parts/download-button.tsx';
import { mayOne } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { useText } from '../../words/text.tsx';

interface EvidenceButtonProps {
  resultId: string;
  consumer: string;
  version: number;
  tokenDigest: string;
}

/** The ledger's proof of one view, to be taken away; auditors may. */
export function EvidenceButton({ resultId, consumer, version, tokenDigest }: EvidenceButtonProps): ReactNode {
  const say = useText();
  const { person } = useSignedIn();
  if (!mayOne(person.roles, ['auditor'])) return null;
  const query = new URLSearchParams({ consumer, version: String(version), tokenDigest });
  return (
    <DownloadButton
      size="compact-xs"
      file={{
        path: `/api/v1/results/${resultId}/evidence?${query}`,
        name: `evidence-${resultId}-v${version}-${consumer}.json`,
      }}
    >
      {say({ zh: '证据', en: 'Evidence' })}
    </DownloadButton>
  );
}
