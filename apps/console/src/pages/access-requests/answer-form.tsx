import { type ReactNode, useState } from 'react';
import { Button, Checkbox, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { LocalizedText } from '@clearance/contracts/words';
import { useQueryClient } from '@tanstack/react-query';
import { queries } from '../../api/client.ts';
import { faultAt, RefusalNote } from '../../parts/refusal-note.tsx';
import { Unsaved } from '../../parts/unsaved.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { purposeName } from '../../words/purposes.ts';
import { useText } from '../../words/text.tsx';
import classes from './access.module.css';
import { type AnswerFault, type AnswerForm as Form, bodyOf, faultsIn, localOf } from './answer.ts';
import type { Request } from './request-page.tsx';

const FAULTS: Readonly<Record<AnswerFault, LocalizedText>> = {
  'no-paths': { zh: '至少选一个字段；一个也不给即“不予授权”', en: 'Choose at least one; none at all is a refusal' },
  'nothing-less': {
    zh: '与所申请的相同；请选“全部授权”',
    en: 'This is all that was asked for; choose to grant it whole',
  },
  'no-reason': { zh: '请写明理由', en: 'A reason is needed' },
  'too-late': { zh: '不得晚于所申请的期限', en: 'Not later than was asked for' },
  past: { zh: '须在将来', en: 'It must be in the future' },
  'no-time': { zh: '请写明期限', en: 'Say until when' },
};

const DECISIONS: Readonly<Record<Form['decision'], LocalizedText>> = {
  grant: { zh: '全部授权', en: 'Grant all of it' },
  'grant-in-part': { zh: '部分授权', en: 'Grant a part' },
  refuse: { zh: '不予授权', en: 'Refuse' },
};

/** The owner's answer to a request: all of it, less of it or for less long, or nothing; confirmed before it is signed. */
export function AnswerForm({ request }: { request: Request }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  const client = useQueryClient();
  const empty: Form = { decision: 'grant', paths: request.paths, until: localOf(request.until), reason: '' };
  const [form, setForm] = useState(empty);
  const [asked, setAsked] = useState(false);
  const [confirming, setConfirming] = useState<{ key: string }>();
  const decide = queries.useMutation('post', '/api/v1/access-requests/{requestId}/decision', {
    onSuccess: async () => {
      setConfirming(undefined);
      setForm(empty);
      await client.invalidateQueries();
    },
    onError: () => setConfirming(undefined),
  });
  const [now, setNow] = useState(() => Date.now());
  const faults = asked ? faultsIn(form, request, now) : {};
  const change = (changes: Partial<Form>): void => setForm((before) => ({ ...before, ...changes }));
  const errorOf = (field: 'paths' | 'until' | 'reason'): string | undefined => {
    const own = faults[field];
    const told = faultAt(decide.error, `/${field}`);
    return own === undefined ? told && say(told) : say(FAULTS[own]);
  };
  const inPart = form.decision === 'grant-in-part';
  const decisionFault = faultAt(decide.error, '/decision');
  const touched = form.reason !== '' || form.decision !== 'grant';
  return (
    <form
      noValidate
      className={`panel ${classes['section']}`}
      aria-label={say({ zh: '答复', en: 'Answer' })}
      onSubmit={(event) => {
        event.preventDefault();
        const at = Date.now();
        setNow(at);
        setAsked(true);
        decide.reset();
        if (Object.keys(faultsIn(form, request, at)).length === 0) setConfirming({ key: crypto.randomUUID() });
      }}
    >
      <Unsaved when={touched && !decide.isSuccess} />
      <Stack gap="md" maw={680}>
        <Text component="h2" fw={600}>
          {say({ zh: '答复', en: 'Answer' })}
        </Text>
        <Radio.Group
          label={say({ zh: '决定', en: 'Decision' })}
          value={form.decision}
          onChange={(value) => change({ decision: value as Form['decision'] })}
          error={decisionFault && say(decisionFault)}
        >
          <Stack gap="xs" mt={6}>
            {(['grant', 'grant-in-part', 'refuse'] as const).map((value) => (
              <Radio key={value} value={value} label={say(DECISIONS[value])} />
            ))}
          </Stack>
        </Radio.Group>
        {inPart && (
          <>
            <Checkbox.Group
              label={say({ zh: '授权哪些字段', en: 'Which fields' })}
              value={[...form.paths]}
              onChange={(paths) => change({ paths })}
              error={errorOf('paths')}
            >
              <Stack gap="xs" mt={6}>
                {request.paths.map((path) => (
                  <Checkbox key={path} value={path} label={<span className="code">{path}</span>} />
                ))}
              </Stack>
            </Checkbox.Group>
            <TextInput
              type="datetime-local"
              label={say({ zh: '用至（北京时间）', en: 'Until (Beijing time)' })}
              description={say({ zh: `所申请的是 ${time(request.until)}`, en: `Asked for is ${time(request.until)}` })}
              value={form.until}
              onChange={(event) => change({ until: event.currentTarget.value })}
              error={errorOf('until')}
              max={localOf(request.until)}
              w={280}
              required
            />
          </>
        )}
        <Textarea
          label={say({ zh: '理由', en: 'Reason' })}
          description={
            form.decision === 'grant'
              ? say({ zh: '可不写。', en: 'May be left out.' })
              : say({ zh: '随答复告知申请单位。', en: 'Told to whoever asked.' })
          }
          value={form.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
          error={errorOf('reason')}
          maxLength={1_000}
          autosize
          minRows={2}
          required={form.decision !== 'grant'}
        />
        <RefusalNote error={decide.error} shown={['/decision', '/paths', '/until', '/reason']} />
        <Group>
          <Button type="submit">{say({ zh: '下一步：确认', en: 'Next: confirm' })}</Button>
        </Group>
      </Stack>
      {confirming !== undefined && (
        <Modal
          opened
          onClose={() => setConfirming(undefined)}
          withCloseButton={false}
          closeOnClickOutside={!decide.isPending}
          centered
          title={say({ zh: `确认${DECISIONS[form.decision].zh}？`, en: `${DECISIONS[form.decision].en}: sure?` })}
        >
          <Text size="sm">
            {say({
              zh: `${unitName(request.owner).zh}将以本单位密钥签署此答复，答复后不能另行答复。`,
              en: `${unitName(request.owner).en} signs this answer with its own key. What was answered is not answered otherwise.`,
            })}
          </Text>
          {form.decision !== 'refuse' && (
            <Text component="div" size="sm" mt="sm">
              {say({
                zh: `${unitName(request.requester).zh}可为“${purposeName(request.purpose).zh}”看到：`,
                en: `${unitName(request.requester).en} may see, for ${purposeName(request.purpose).en}:`,
              })}
              <ul className={classes['paths']}>
                {(inPart ? form.paths : request.paths).map((path) => (
                  <li key={path} className="code">
                    {path}
                  </li>
                ))}
              </ul>
              {say({ zh: '用至 ', en: 'until ' })}
              <span className="numeric">{inPart ? form.until.replace('T', ' ') : time(request.until)}</span>
            </Text>
          )}
          <Group mt="lg" justify="flex-end">
            <Button variant="default" onClick={() => setConfirming(undefined)} disabled={decide.isPending}>
              {say({ zh: '返回修改', en: 'Back' })}
            </Button>
            <Button
              data-autofocus
              loading={decide.isPending}
              onClick={() =>
                decide.mutate({
                  params: {
                    path: { requestId: request.requestId },
                    header: { 'Idempotency-Key': confirming.key },
                  },
                  body: bodyOf(form, request),
                })
              }
            >
              {say({ zh: '确认答复', en: 'Answer' })}
            </Button>
          </Group>
        </Modal>
      )}
    </form>
  );
}
