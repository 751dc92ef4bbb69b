/** A step in the life of a draft, as far as it is shown. */
interface Step {
  act: string;
  actor: string;
  at: string;
  reason: string;
  revision: number;
}

/** Steps that are shown as one, with the first and the last of them. */
export interface ShownStep<Each extends Step> {
  first: Each;
  last: Each;
  count: number;
}

/** What is written is saved as it is written: changes by one person for one reason, in a row, are one step to whoever reads it. */
export function inSteps<Each extends Step>(events: readonly Each[]): ShownStep<Each>[] {
  const steps: ShownStep<Each>[] = [];
  for (const event of events) {
    const before = steps.at(-1);
    if (before !== undefined && goOn(before.last, event)) {
      steps[steps.length - 1] = { ...before, last: event, count: before.count + 1 };
    } else {
      steps.push({ first: event, last: event, count: 1 });
    }
  }
  return steps;
}

function goOn(before: Step, after: Step): boolean {
  return (
    before.act === 'edited' && after.act === 'edited' && before.actor === after.actor && before.reason === after.reason
  );
}
