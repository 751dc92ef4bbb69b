const PREFIX = 'clearance.';

/** Keeps a choice of the reader's in this browser. Where nothing can be kept it is a choice for this visit. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage is off or full.
  }
}

/** What was kept, if it is one of the choices there are. */
export function recall<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return choices.find((choice) => choice === kept);
  } catch {
    return undefined;
  }
}
