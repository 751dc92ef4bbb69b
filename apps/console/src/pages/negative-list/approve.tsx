import { type ReactNode, useState } from 'react';
import { Alert, Button, FileInput, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import type { LocalizedText } from '@clearance/contracts/words';
import { useQueryClient } from '@tanstack/react-query';
import { queries } from '../../api/client.ts';
import { Actors } from '../../parts/actor.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ownActor } from '../../parts/own-actor.ts';
import { faultAt, RefusalNote } from '../../parts/refusal-note.tsx';
import { State } from '../../states/state.tsx';
import { useText } from '../../words/text.tsx';
import classes from './negative-list.module.css';
import { isSignatureText, type KeyFault, readPolicyKey, signDocument } from './sign-document.ts';
import { type Draft, etagOf } from './use-draft-text.ts';

const KEY_FAULTS: Readonly<Record<KeyFault, LocalizedText>> = {
  unreadable: {
    zh: '读不出这个文件：政策密钥是 JSON 文件',
    en: 'This file cannot be read: a policy key is a JSON file',
  },
  'not-a-key': { zh: '这不是 Ed25519 签名密钥', en: 'This is no Ed25519 signing key' },
  'not-private': { zh: '只有公钥，不能签署', en: 'It is the public part only, which cannot sign' },
  'not-policy': {
    zh: '这不是政策密钥，而是其他单位的密钥',
    en: 'This is not the policy key: it belongs to somebody else',
  },
  mismatched: { zh: '密钥损坏：公钥与私钥不符', en: 'The key is broken: its two halves are not of one key' },
  unsupported: {
    zh: '此浏览器或此连接不能签署（须经 https）；请改用已有签名',
    en: 'This browser, or this connection, cannot sign (https is needed); give a signature instead',
  },
};

/** Approves a submitted draft as a second person, with the policy key's signature over the very bytes of its text. */
export function Approve({ draft }: { draft: Draft }): ReactNode {
  const say = useText();
  const client = useQueryClient();
  const [way, setWay] = useState('key');
  const [file, setFile] = useState<File | null>(null);
  const [pasted, setPasted] = useState('');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const [fault, setFault] = useState<KeyFault>();
  const approve = queries.useMutation('post', '/api/v1/drafts/{draftId}/approve', {
    onSuccess: () => client.invalidateQueries(),
  });
  const own = ownActor();
  if (own !== undefined && draft.authors.includes(own)) return <OwnDraft authors={draft.authors} />;

  const submit = async (): Promise<void> => {
    setAsked(true);
    setFault(undefined);
    approve.reset();
    if (reason.trim() === '' || (way === 'key' ? file === null : !isSignatureText(pasted))) return;
    let signature = pasted.trim();
    if (way === 'key') {
      const read = await readPolicyKey(await file!.text());
      if (!read.ok) return setFault(read.because);
      signature = await signDocument(draft.document, read.key);
    }
    approve.mutate({
      params: { path: { draftId: draft.draftId }, header: { 'If-Match': etagOf(draft) } },
      body: { signature, reason: reason.trim() },
    });
  };
  const told = (pointer: string): string | undefined => {
    const found = faultAt(approve.error, pointer);
    return found && say(found);
  };
  const noFile = asked && file === null ? say({ zh: '请选择密钥文件', en: 'Choose the key’s file' }) : undefined;
  const noSignature =
    asked && !isSignatureText(pasted)
      ? say({ zh: '签名形如 eyJ…..XYZ，中间两个点', en: 'A signature looks like eyJ…..XYZ, with two dots between' })
      : undefined;
  return (
    <form
      noValidate
      className={`panel ${classes['section']}`}
      aria-label={say({ zh: '批准', en: 'Approve' })}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="sm" maw={640}>
        <Text size="sm">
          {say({
            zh: `批准即以政策密钥签署 r${draft.revision} 的全文。请先看过差异与预演。`,
            en: `Approving signs the whole text of r${draft.revision} with the policy key. See what it changes and its preview first.`,
          })}
        </Text>
        <SegmentedControl
          aria-label={say({ zh: '签署方式', en: 'How it is signed' })}
          value={way}
          onChange={setWay}
          data={[
            { value: 'key', label: say({ zh: '在本页以密钥签署', en: 'Sign here with the key' }) },
            { value: 'signature', label: say({ zh: '使用已有签名', en: 'Give a signature' }) },
          ]}
        />
        {way === 'key' ? (
          <FileInput
            label={say({ zh: '政策密钥文件', en: 'File of the policy key' })}
            description={say({
              zh: '密钥只在本页内用来签署，不上传、不保存。',
              en: 'The key signs within this page; it is sent and kept nowhere.',
            })}
            placeholder={say({ zh: '选择文件', en: 'Choose a file' })}
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              setFault(undefined);
            }}
            error={fault === undefined ? noFile : say(KEY_FAULTS[fault])}
            accept=".json,.jwk,.key,application/json"
            clearable
            required
          />
        ) : (
          <Textarea
            label={say({ zh: '对草案全文的分离签名', en: 'Detached signature over the draft’s text' })}
            description={say({
              zh: 'RFC 7515 附录 F、RFC 7797，以政策密钥在别处作出。',
              en: 'RFC 7515 appendix F and RFC 7797, made elsewhere with the policy key.',
            })}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            error={noSignature ?? told('/signature')}
            autosize
            minRows={2}
            required
          />
        )}
        <Textarea
          label={say({ zh: '理由', en: 'Reason' })}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={
            (asked && reason.trim() === '' ? say({ zh: '请写明理由', en: 'A reason is needed' }) : undefined) ??
            told('/reason')
          }
          maxLength={2_000}
          autosize
          minRows={2}
          required
        />
        <RefusalNote error={approve.error} shown={['/signature', '/reason']} />
        <Group>
          <Button type="submit" loading={approve.isPending}>
            {say({ zh: '签署并批准', en: 'Sign and approve' })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function OwnDraft({ authors }: { authors: readonly string[] }): ReactNode {
  const say = useText();
  return (
    <State
      icon="closed"
      tone="attention"
      title={say({ zh: '您写过此草案，不能由您批准', en: 'You wrote some of this draft, and may not approve it' })}
    >
      {say({
        zh: '须由第二人批准。写过或提交过的人：',
        en: 'A second person approves. Those who wrote or submitted it: ',
      })}
      <Actors names={authors} />
    </State>
  );
}

/** That an approved draft has become a list. */
export function Approved({ version }: { version: string }): ReactNode {
  const say = useText();
  return (
    <Alert variant="outline" color="green" icon={<Icon name="done" />} role="status">
      {say({ zh: `已批准，即清单 ${version}。`, en: `Approved: it is list ${version}.` })}
    </Alert>
  );
}
