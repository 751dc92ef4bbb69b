/**
 * What is withheld without any entry saying so, because it could not be decided that it may be shared. The codes
 * stand where an entry's id stands; no list may use ids of this form. They rest on the rule of the mesh itself: what
 * is not known to be shareable is not shared, and whoever does not get it is told why.
 */
export const FAIL_CLOSED = {
  'FC-no-active-list':
    '没有生效的负面清单，无法判断可否共享，整份结果暂不提供 / No negative list is in force, so nothing can be judged shareable: the whole result is held back',
  'FC-unknown-kind':
    '结果种类未知，无法判断可否共享，整份结果暂不提供 / The kind of the result is unknown: the whole result is held back',
  'FC-unknown-consumer':
    '接收单位不在现行清单所知单位之列，整份结果暂不提供 / The list in force does not know the receiving unit: the whole result is held back',
  'FC-unknown-field':
    '字段不在该种结果的目录之内，无法判断可否共享，该字段暂不提供 / The field is not in the catalogue of its kind, so it cannot be judged shareable: it is held back',
  'FC-decision-error': '判断过程出错，整份结果暂不提供 / The decision failed: the whole result is held back',
} as const;

/** Code of something withheld for want of a decision. */
export type FailClosedCode = keyof typeof FAIL_CLOSED;
