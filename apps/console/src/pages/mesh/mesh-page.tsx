import type { ReactNode } from 'react';
import { Tabs } from '@mantine/core';
import { useSearchParams } from 'react-router';
import type { LocalizedText } from '@clearance/contracts/words';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { useText } from '../../words/text.tsx';
import { Recalls } from '../negative-list/recalls.tsx';
import { CallsView } from './calls-view.tsx';
import { KeysView } from './keys-view.tsx';
import { ReconciliationView } from './reconciliation-view.tsx';
import { StateView } from './state-view.tsx';
import { StragglersView } from './stragglers-view.tsx';

const LOOKS = ['state', 'stragglers', 'reconciliation', 'reviews', 'keys', 'calls'] as const;
type Look = (typeof LOOKS)[number];

const NAMES: Readonly<Record<Look, LocalizedText>> = {
  state: { zh: '状态', en: 'State' },
  stragglers: { zh: '未回执', en: 'Not confirmed' },
  reconciliation: { zh: '对账', en: 'Reconciliation' },
  reviews: { zh: '收回与补发', en: 'Recalls and catch-ups' },
  keys: { zh: '密钥', en: 'Keys' },
  calls: { zh: '接口调用', en: 'Calls' },
};

/** Whether everything runs, who is behind, and whether everybody has what they should. */
export default function MeshPage(): ReactNode {
  const say = useText();
  const [parameters, setParameters] = useSearchParams();
  const look = LOOKS.find((each) => each === parameters.get('look')) ?? 'state';
  return (
    <>
      <PageHeader
        title={say({ zh: '网格运行', en: 'Mesh' })}
        lead={say({
          zh: '网关与十二个单位是否正常、谁迟迟未回执、各方所持是否一致。',
          en: 'Whether gateway and units are well, who is behind, and whether everybody holds what they should.',
        })}
      />
      <Tabs value={look} onChange={(next) => setParameters({ look: next ?? 'state' })} keepMounted={false}>
        <Tabs.List mb="md">
          {LOOKS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {say(NAMES[each])}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {LOOKS.map((each) => (
          <Tabs.Panel key={each} value={each}>
            <View look={each} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function View({ look }: { look: Look }): ReactNode {
  const say = useText();
  switch (look) {
    case 'state':
      return <StateView />;
    case 'stragglers':
      return <StragglersView />;
    case 'reconciliation':
      return <ReconciliationView />;
    case 'reviews':
      return (
        <Section title={say(NAMES.reviews)}>
          <Recalls />
        </Section>
      );
    case 'keys':
      return <KeysView />;
    case 'calls':
      return <CallsView />;
    default:
      return look satisfies never;
  }
}
