import type { LocalizedText } from '@clearance/contracts/words';
import type { Tone } from '../../parts/tag.tsx';

interface Named {
  tone: Tone;
  name: LocalizedText;
}

/** What becomes of an approved list. */
export const LIST_STATES: Readonly<Record<'scheduled' | 'in-force' | 'superseded', Named>> = {
  scheduled: { tone: 'told', name: { zh: '待生效', en: 'Scheduled' } },
  'in-force': { tone: 'good', name: { zh: '现行', en: 'In force' } },
  superseded: { tone: 'plain', name: { zh: '已被取代', en: 'Superseded' } },
};

/** Where a draft stands. */
export const DRAFT_STATES: Readonly<Record<'open' | 'submitted' | 'approved' | 'withdrawn', Named>> = {
  open: { tone: 'told', name: { zh: '起草中', en: 'Being written' } },
  submitted: { tone: 'attention', name: { zh: '待审批', en: 'Awaiting approval' } },
  approved: { tone: 'good', name: { zh: '已批准', en: 'Approved' } },
  withdrawn: { tone: 'plain', name: { zh: '已撤回', en: 'Withdrawn' } },
};

/** What can be done with a draft, as a history tells it. */
export const ACTS: Readonly<
  Record<'drafted' | 'edited' | 'submitted' | 'returned' | 'withdrawn' | 'approved', LocalizedText>
> = {
  drafted: { zh: '起草', en: 'Drafted' },
  edited: { zh: '修改', en: 'Changed' },
  submitted: { zh: '提交', en: 'Submitted' },
  returned: { zh: '退回', en: 'Returned' },
  withdrawn: { zh: '撤回', en: 'Withdrawn' },
  approved: { zh: '批准', en: 'Approved' },
};

/** What a change does to what is shared. */
export const EFFECTS: Readonly<Record<'stricter' | 'looser' | 'mixed' | 'editorial', Named>> = {
  stricter: { tone: 'attention', name: { zh: '更严', en: 'Stricter' } },
  looser: { tone: 'told', name: { zh: '放宽', en: 'Looser' } },
  mixed: { tone: 'attention', name: { zh: '有严有宽', en: 'Both' } },
  editorial: { tone: 'plain', name: { zh: '文字', en: 'Wording' } },
};

/** How far what was given is decided anew. */
export const REVIEW_STATES: Readonly<Record<'scheduled' | 'under-way' | 'confirmed' | 'incomplete', Named>> = {
  scheduled: { tone: 'told', name: { zh: '待开始', en: 'Scheduled' } },
  'under-way': { tone: 'attention', name: { zh: '进行中', en: 'Under way' } },
  confirmed: { tone: 'good', name: { zh: '全部回执', en: 'Confirmed' } },
  incomplete: { tone: 'bad', name: { zh: '未能完成', en: 'Incomplete' } },
};

/** Whether less or more may be seen. */
export const REVIEW_MODES: Readonly<Record<'recall' | 'catch-up', LocalizedText>> = {
  recall: { zh: '收回', en: 'Recall' },
  'catch-up': { zh: '补发', en: 'Catch-up' },
};

/** What an entry does with a field. */
export function className(code: string): Named {
  switch (code) {
    case 'conditional':
      return { tone: 'told', name: { zh: '有条件共享', en: 'Conditional' } };
    case 'withheld':
      return { tone: 'attention', name: { zh: '不予共享', en: 'Withheld' } };
    default:
      return { tone: 'bad', name: { zh: code || '未写类别', en: code || 'No class' } };
  }
}
