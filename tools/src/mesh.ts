import { FAULT } from './mesh/answer.ts';
import { meshProgram } from './mesh/program.ts';

try {
  await meshProgram().parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = FAULT;
}
