import { Command } from 'commander';
import { FAULT } from './mesh/answer.ts';
import { addDeadLetters } from './mesh/dead-letters.ts';
import { addEvidence } from './mesh/evidence.ts';
import { addKeys } from './mesh/keys.ts';
import { addLists } from './mesh/lists.ts';
import { addProvision } from './mesh/provision.ts';
import { addReconcile } from './mesh/reconcile.ts';
import { addStragglers } from './mesh/stragglers.ts';
import { addVerify } from './mesh/verify.ts';

const program = new Command('npm run mesh --')
  .description('网格运维工具 The operator’s tool of the mesh')
  .showHelpAfterError()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) });

addProvision(program);
addLists(program);
addKeys(program);
addEvidence(program);
addVerify(program);
addStragglers(program);
addReconcile(program);
addDeadLetters(program);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = FAULT;
}
