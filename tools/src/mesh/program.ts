import { Command } from 'commander';

/** The verbs, each in a file of its own, which is loaded with all that it needs when the verb is wanted. */
const VERBS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  provision: async () => (await import('./provision.ts')).addProvision,
  lists: async () => (await import('./lists.ts')).addLists,
  access: async () => (await import('./access.ts')).addAccess,
  keys: async () => (await import('./keys.ts')).addKeys,
  evidence: async () => (await import('./evidence.ts')).addEvidence,
  ledger: async () => (await import('./ledger.ts')).addLedger,
  consignments: async () => (await import('./consignments.ts')).addConsignments,
  catalogue: async () => (await import('./catalogue.ts')).addCatalogue,
  indicators: async () => (await import('./indicators.ts')).addIndicators,
  report: async () => (await import('./indicators.ts')).addReport,
  verify: async () => (await import('./verify.ts')).addVerify,
  stragglers: async () => (await import('./stragglers.ts')).addStragglers,
  reconcile: async () => (await import('./reconcile.ts')).addReconcile,
  'dead-letters': async () => (await import('./dead-letters.ts')).addDeadLetters,
};

/**
 * The operator's tool.
 *
 * @param verb the only one that is wanted, so that it starts at once; with any other word, or none, all are there
 */
export async function meshProgram(verb?: string): Promise<Command> {
  const program = new Command('npm run mesh --')
    .description('网格运维工具 The operator’s tool of the mesh')
    .showHelpAfterError()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  const wanted = verb !== undefined && Object.hasOwn(VERBS, verb) ? [VERBS[verb]!] : Object.values(VERBS);
  for (const load of wanted) (await load())(program);
  return program;
}
