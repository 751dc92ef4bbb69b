import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { LIST_FILE, REPOSITORY } from '../local-mesh/paths.ts';
import { maskedText, printedByMesh } from './run-mesh-command.ts';
import { mesh, now } from './travelled-mesh.fixture.ts';

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(now + days * DAY_MS).toISOString();

/** The list in force as the guide's next version, with the entry that stands there. */
async function writeList(entry: string): Promise<void> {
  const list = parseDocument(await readFile(LIST_FILE, 'utf8'));
  list.set('version', '2026.12-1');
  list.set('effectiveFrom', inDays(1));
  for (const each of parse(entry) as object[]) list.addIn(['entries'], list.createNode(each));
  await writeFile(join(mesh.home.root, 'new-list.yaml'), list.toString());
}

/** A line as a shell takes it apart, with this run's draft and times. */
function wordsOf(line: string, draft: string): string[] {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return words.map((word) => (word === 'DRAFT' ? draft : /^\d{4}-\d\d-\d\dT/.test(word) ? inDays(2) : word));
}

/** Without what differs from run to run: ids, times, places in the file, and the order of units that are equally concerned. */
const masked = (text: string): string =>
  maskedText(text)
    .replaceAll(/yaml:\d+:\d+/g, 'yaml:LINE:COLUMN')
    .replaceAll(/(?:^ {2}[−+] .*\n)+/gm, (lines) =>
      lines
        .split(/(?<=\n)/)
        .sort()
        .join(''),
    );

it('docs/lists.md shows what the tool says, from the first text to a former list restored', async () => {
  const guide = await readFile(join(REPOSITORY, 'docs/lists.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)];
  let draft = '';
  let said = '';
  const [outputs, shown]: string[][] = [[], []];
  const used = new Set<string>();
  for (const [, language = '', body = ''] of blocks) {
    // What a list takes back is shown once one is in force: recall.spec.
    if (language.endsWith(' recalls')) continue;
    if (language === 'yaml entry') await writeList(body);
    else if (language === 'text') {
      outputs!.push(masked(said));
      shown!.push(masked(body));
      said = '';
    } else {
      expect(language).toBe('sh');
      for (const line of body.trim().split('\n')) {
        const words = wordsOf(line.replace('npm run mesh -- ', '').replace(/ # refused$/, ''), draft);
        const { code, text } = await printedByMesh(mesh, words);
        expect([line, code]).toEqual([line, line.endsWith(' # refused') ? 1 : 0]);
        if (['draft', 'restore'].includes(words[1]!)) [draft = ''] = /^[0-9a-f-]{36}/m.exec(text) ?? [];
        used.add(words[1]!);
        said += text;
      }
    }
  }
  expect(outputs).toEqual(shown);
  expect(said).toBe('');
  const verbs = [
    'lint',
    'draft',
    'edit',
    'changes',
    'preview',
    'submit',
    'return',
    'approve',
    'history',
    'show',
    'restore',
    'catch-up',
  ];
  expect(verbs.filter((verb) => !used.has(verb))).toEqual([]);
});
