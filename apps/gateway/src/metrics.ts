import { Counter } from '@clearance/platform';

/** Copies given, by kind and by whether the list took something out. */
export const disclosuresTotal = new Counter({
  name: 'clearance_disclosures_total',
  help: 'Copies decided, by kind and outcome (full, in-part, withheld)',
  labelNames: ['kind', 'outcome'] as const,
});

/** What the list took out, by entry: fields (or whole results) times consumers. */
export const withheldTotal = new Counter({
  name: 'clearance_withheld_total',
  help: 'Withheld fields by entry of the negative list',
  labelNames: ['entry'] as const,
});
