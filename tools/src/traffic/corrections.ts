import type { Goods, ResultContent } from '@clearance/contracts';
import type { Random } from './random.ts';

const REASONS = [
  '录入错误,结果属于另一票货物',
  '重复录入,以先前结果为准',
  '检测样品标识有误,结果作废,重新抽样',
  '设备校准异常,该时段图像作废',
] as const;

/** Why a result is withdrawn. */
export function revocationReason(random: Random): string {
  return random.pick(REASONS);
}

/** The value of the first item, declared anew after a price review. */
function revalued(goods: readonly Goods[], random: Random): Goods[] {
  return goods.map((line, i) => {
    if (i > 0 || line.value === undefined) return line;
    const { amount, currency } = line.value;
    const digits = amount.includes('.') ? 2 : 0;
    return {
      ...line,
      value: { amount: (Number(amount) * (1 + random.integer(1, 12) / 100)).toFixed(digits), currency },
    };
  });
}

/**
 * A corrected version of a content, valid as the first one was: a price reviewed, a description completed, a firm's or journey's
 * detail mended, a term shortened.
 *
 * @returns undefined where there is nothing that such a correction would touch
 */
export function correction(content: ResultContent, random: Random): ResultContent | undefined {
  const goods = content.goods;
  if (goods === undefined || goods.length === 0) {
    const remarks = random.pick(['更正:航次信息以本版本为准', '更正:补录检查人数', '更正:核对员工名单后确认']);
    return { ...content, remarks };
  }
  const conclusive = content.kind === 'customs.examination' || content.kind === 'inspection.quarantine';
  switch (random.integer(0, conclusive ? 2 : 1)) {
    case 0:
      return { ...content, goods: revalued(goods, random), remarks: '更正:经审价,成交价格调整' };
    case 1:
      return {
        ...content,
        goods: goods.map((line, i) => (i === 0 ? { ...line, description: `${line.description}(规格补充申报)` } : line)),
        remarks: '更正:补充商品规格',
      };
    default:
      // The strictest correction: what others relied on no longer holds.
      return {
        ...content,
        conclusion: content.conclusion === 'released' ? 'conditional' : content.conclusion,
        remarks: '更正:复核后附条件放行',
      };
  }
}
