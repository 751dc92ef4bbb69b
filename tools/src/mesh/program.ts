import { Command } from 'commander';
import { addCatalogue } from './catalogue.ts';
import { addDeadLetters } from './dead-letters.ts';
import { addEvidence } from './evidence.ts';
import { addKeys } from './keys.ts';
import { addLedger } from './ledger.ts';
import { addLists } from './lists.ts';
import { addProvision } from './provision.ts';
import { addReconcile } from './reconcile.ts';
import { addStragglers } from './stragglers.ts';
import { addVerify } from './verify.ts';

/** The operator's tool with all its verbs, each in a file of its own. */
export function meshProgram(): Command {
  const program = new Command('npm run mesh --')
    .description('网格运维工具 The operator’s tool of the mesh')
    .showHelpAfterError()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  addProvision(program);
  addLists(program);
  addKeys(program);
  addEvidence(program);
  addLedger(program);
  addCatalogue(program);
  addVerify(program);
  addStragglers(program);
  addReconcile(program);
  addDeadLetters(program);
  return program;
}
