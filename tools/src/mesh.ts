import { FAULT } from './mesh/answer.ts';
import { meshProgram } from './mesh/program.ts';

try {
  const program = await meshProgram(process.argv[2]);
  await program.parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = FAULT;
}
