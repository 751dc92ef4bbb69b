import type { LocalizedText } from '@clearance/contracts/words';

/** What the whole is called. */
export const REGION_NAME: LocalizedText = { zh: '东北通关协作网格', en: 'Northeast clearance mesh' };
