import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command as Verb } from 'commander';
import { REPOSITORY } from '../local-mesh/paths.ts';
import { meshProgram } from './program.ts';

/** `keys rotate --margin`: what a line of a guide asks the tool to do, its own words and options only. */
interface Command {
  verb: string[];
  options: string[];
}

async function commandsIn(document: string): Promise<Command[]> {
  const text = await readFile(join(REPOSITORY, document), 'utf8');
  return [...text.matchAll(/npm run mesh -- ([^`\n#]+)/g)].flatMap(([, line = '']) => {
    const words = line.trim().split(/\s+/);
    const end = words.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith('-'));
    const verb = words.slice(0, end < 0 ? words.length : end);
    return verb.length === 0 ? [] : [{ verb, options: words.filter((word) => word.startsWith('--')) }];
  });
}

const GUIDES = ['operations', 'runbook', 'auditing', 'catalogue', 'lists', 'access'].map((name) => `docs/${name}.md`);
const DOCUMENTS = [...GUIDES, 'README.md'];

describe.each(DOCUMENTS)('%s', (document) => {
  it('names no verb and no option that the mesh tool does not have', async () => {
    const commands = await commandsIn(document);
    const program = await meshProgram();
    expect(commands.length).toBeGreaterThan(2);
    for (const { verb, options } of commands) {
      const found = verb.reduce<Verb | undefined>(
        (above, name) => above?.commands.find((each) => each.name() === name),
        program,
      );
      expect({ verb, found: found?.name() }).toEqual({ verb, found: verb.at(-1) });
      const known = found!.options.map(({ long }) => long);
      expect(known).toEqual(expect.arrayContaining(options));
    }
  });
});
