import type { ReactNode } from 'react';
import { Anchor, Drawer, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { queries } from '../../api/client.ts';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { type ShownView, shownViews } from './shown-views.ts';
import type { ResultVersion } from './timeline.ts';
import { WITHHELD } from './waterfall.tsx';

/** Why each unit may not see more of a result: field by field, with entry and legal basis. */
export function ResultDrawer({
  result,
  onClose,
}: {
  result: ResultVersion | undefined;
  onClose: () => void;
}): ReactNode {
  const say = useText();
  return (
    <Drawer
      opened={result !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={say({ zh: '各单位所见及依据', en: 'What each unit may see, and why not more' })}
      closeButtonProps={{ 'aria-label': say({ zh: '关闭', en: 'Close' }) }}
    >
      {result !== undefined && <Views result={result} />}
    </Drawer>
  );
}

function Views({ result: { resultId, version, issuer, kind } }: { result: ResultVersion }): ReactNode {
  const say = useText();
  const disclosures = queries.useQuery('get', '/api/v1/results/{id}/disclosures', {
    params: { path: { id: resultId } },
  });
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>
          {say(unitName(issuer))} · {say(kind === null ? WITHHELD : kindName(kind))} · v{version}
        </Text>
        <Text size="xs" c="dimmed" className="code">
          {resultId}
        </Text>
      </div>
      <Answered query={disclosures} rows={5}>
        {(answer) => {
          const views = shownViews(answer.disclosures, version);
          if (views.length === 0) {
            return (
              <Empty title={say({ zh: '尚未提供给任何单位', en: 'It has been given to nobody yet' })}>
                {say({
                  zh: '网关判定之后，此处列出每个单位的副本。',
                  en: 'Once the gateway has decided, every unit’s copy is named here.',
                })}
              </Empty>
            );
          }
          return views.map((view) => <View key={view.consumers.join()} view={view} resultId={resultId} />);
        }}
      </Answered>
    </Stack>
  );
}

function View({
  view: { consumers, withheld, grants, listVersion },
  resultId,
}: {
  view: ShownView;
  resultId: string;
}): ReactNode {
  const say = useText();
  return (
    <section className="panel" style={{ padding: 14 }}>
      <Text size="sm" fw={600}>
        {consumers.map((unit) => say(unitName(unit))).join(say({ zh: '、', en: ', ' }))}
      </Text>
      <Text size="xs" c="dimmed" mt={2}>
        {say({ zh: `依负面清单 ${listVersion}`, en: `By list ${listVersion}` })}
        {grants.length > 0 && say({ zh: `，凭授权 ${grants.length} 份`, en: `, under ${grants.length} grants` })}
      </Text>
      {withheld.length === 0 ? (
        <Text size="sm" mt="xs">
          {say({ zh: '全部可见。', en: 'They may see all of it.' })}
        </Text>
      ) : (
        <List size="sm" mt="xs" spacing={10} listStyleType="none">
          {withheld.map(({ path, entry, legalBasis, access, places }) => (
            <List.Item key={path + entry}>
              <Anchor
                component={Link}
                to={`/ledger?ask=who-saw&resultId=${resultId}&path=${encodeURIComponent(path)}`}
                className="code"
              >
                {path === '' ? say({ zh: '整份结果', en: 'the whole result' }) : path}
              </Anchor>
              {places > 1 && <span className="numeric"> × {places}</span>}{' '}
              <Tag tone={access === 'on-request' ? 'told' : 'plain'}>
                {access === 'on-request'
                  ? say({ zh: '有条件共享，可申请', en: 'conditional: can be asked for' })
                  : say({ zh: '不予共享', en: 'withheld' })}
              </Tag>
              <Text size="xs" c="dimmed" mt={2}>
                <span className="code">{entry}</span> {legalBasis}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </section>
  );
}
