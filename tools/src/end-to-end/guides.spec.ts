import { readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  parseMesh,
  problem,
  type UnitId,
  unitsOf,
  validateContent,
  validateRecognitionRequest,
} from '@clearance/contracts';
import {
  compileNegativeList,
  decideDisclosure,
  FAIL_CLOSED,
  FINDING_CODES,
  lintNegativeList,
  parseNegativeList,
  PURPOSES,
} from '@clearance/negative-list';
import { parse } from 'yaml';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const text = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const json = (path: string): unknown => JSON.parse(text(path));

/** A fenced block of a document: its language, what else its fence says, its text, and the text of the block after it. */
interface Block {
  language: string;
  meta: string;
  body: string;
  next: string;
}

function blocksOf(document: string): Block[] {
  const found = [...document.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)];
  return found.map(([, language = '', meta = '', body = ''], index) => ({
    language,
    meta,
    body,
    next: found[index + 1]?.[3] ?? '',
  }));
}

/** The lines of a file between its comments `region <name>` and `endregion <name>`. */
function regionOf(path: string, name: string): string {
  const mark = (word: string): string => `^(?://|#) ?#?${word} ${name}$`;
  const [, region] = new RegExp(`${mark('region')}\n([\\s\\S]*?)\n${mark('endregion')}`, 'm').exec(text(path)) ?? [];
  if (region === undefined) throw new Error(`${path} has no region ${name}`);
  return region.trim();
}

/** The headings of a document as GitHub names their anchors. */
function anchorsOf(document: string): string[] {
  return [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const guide = text('docs/integration.md');
const listGuide = text('docs/negative-list.md');
const parsedMesh = parseMesh(parse(text('mesh.yaml')));
if (!parsedMesh.ok) throw new Error('mesh.yaml is not valid');
const { limits } = parsedMesh.value;
const units = unitsOf(parsedMesh.value);

describe('docs/integration.md', () => {
  const blocks = blocksOf(guide);
  const code = blocks.filter(({ language }) => ['js', 'python', 'go'].includes(language));
  const samples = blocks.filter(({ language }) => language === 'json');

  it('has code in three languages, JSON samples, and nothing that is not checked', () => {
    expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['js', 'python', 'go', 'json', 'sh']));
  });

  it.each(code.map((block) => [block.meta, block] as const))('shows %s as it is', (meta, { body }) => {
    const [, path = '', region = ''] = /^file=(\S+)#(\S+)$/.exec(meta) ?? [];
    expect(body.trim()).toBe(regionOf(path, region));
  });

  it.each(samples.map((block) => [block.meta, block] as const))('gives a valid sample: %s', (meta, { body }) => {
    const [, schema = '', part] = /^schema=(\S+)(?: part=(\S+))?$/.exec(meta) ?? [];
    const document = json(`docs/schemas/${schema}.json`) as { properties: Record<string, object> };
    const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
    const validate = ajv.compile(part === undefined ? document : document.properties[part]!);
    const sample: unknown = JSON.parse(body);
    expect([validate(sample), validate.errors]).toEqual([true, null]);
    if (schema === 'customs.examination') expect(validateContent(sample).ok).toBe(true);
    if (schema === 'recognition.request') expect(validateRecognitionRequest(sample).ok).toBe(true);
  });

  it('begins with the content that the examples submit', () => {
    const content = samples.find(({ meta }) => meta === 'schema=customs.examination');
    expect(JSON.parse(content!.body)).toEqual(json('examples/customs-examination.json'));
  });

  it('quotes the limits of mesh.yaml', () => {
    const quoted = [...guide.matchAll(/^\|[^|]*\| (\d+)(?: bytes)? +\| `(\w+)` +\|$/gm)];
    expect(quoted).toHaveLength(5);
    for (const [, value, name] of quoted)
      expect([name, Number(value)]).toEqual([name, limits[name as keyof typeof limits]]);
  });

  it('names every status and code of a problem that a backend may meet', () => {
    const codes = [
      'invalid',
      'malformed-json',
      'forbidden',
      'unknown',
      'conflict',
      'too-large',
      'slow-down',
      'internal',
      'not-ready',
    ] as const;
    for (const each of codes) expect(guide).toMatch(new RegExp(`\\| ${problem(each).status} +\\|.*\`${each}\``));
  });
});

const GUIDES = ['integration', 'negative-list', 'auditing', 'catalogue', 'lists', 'access'].map(
  (name) => `docs/${name}.md`,
);

it.each([...GUIDES, 'examples/README.md'])('%s has no dead link', (path) => {
  for (const [, target = ''] of text(path).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : normalize(join(dirname(path), file));
    if (extname(linked) !== '.md') expect(readFileOrFolder(linked)).toBe(true);
    else if (anchor !== undefined) expect(anchorsOf(text(linked))).toContain(anchor);
    else expect(text(linked)).not.toBe('');
  }
});

function readFileOrFolder(path: string): boolean {
  try {
    readFileSync(join(REPOSITORY, path));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}

describe('docs/negative-list.md', () => {
  const HEAD = [
    'apiVersion: clearance/v1',
    'kind: NegativeList',
    "version: '1'",
    'effectiveFrom: 2026-11-01',
    'entries:',
  ];
  const at = Date.parse('2026-11-21T00:00:00Z');
  const blocks = blocksOf(listGuide);
  const entries = (kind: string) => blocks.filter(({ language, meta }) => language === 'yaml' && meta === kind);
  const idOf = (body: string): string => /- id: (\S+)/.exec(body)?.[1] ?? '';
  const wrap = (body: string): string => `${HEAD.join('\n')}\n${body.replace(/^(?=.)/gm, '  ')}`;

  /** Findings as the text quotes them, with lines and columns counted in the block itself. */
  const quote = (body: string): string =>
    lintNegativeList(wrap(body), { units, at })
      .map(({ line, column, severity, code, entry, message }) =>
        [`${line - HEAD.length}:${column - 2} ${severity} ${code} ${entry}`, `  ${message.zh}`, `  ${message.en}`].join(
          '\n',
        ),
      )
      .join('\n');

  it.each(entries('good').map(({ body }) => [idOf(body), body]))('%s is clean', (_, body) => {
    expect(quote(body)).toBe('');
  });

  it.each(entries('bad').map((block) => [idOf(block.body), block] as const))(
    '%s is found fault with as told',
    (_, { body, next }) => {
      expect(quote(body)).toBe(next.trim());
      expect(next).not.toBe('');
    },
  );

  it('begins with a whole list that is clean', () => {
    const [whole] = entries('list');
    expect(lintNegativeList(whole!.body, { units, at })).toEqual([]);
    expect(parseNegativeList(whole!.body).ok).toBe(true);
  });

  it('shows what a copy then names', () => {
    const shown = blocks.filter(({ meta }) => meta.startsWith('shows='));
    expect(shown).toHaveLength(1);
    for (const { meta, body } of shown) {
      const entry = entries('good').find((block) => idOf(block.body) === meta.slice('shows='.length));
      const parsed = parseNegativeList(wrap(entry!.body));
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
      const content = json('examples/customs-examination.json') as object;
      const result = { kind: 'customs.examination', issuer: 'ln.customs' as UnitId, content };
      const [decision] = decideDisclosure(compileNegativeList(parsed.list, units), result, ['hl.border'], at);
      expect(decision?.withheld).toEqual(JSON.parse(body));
    }
  });

  it('explains every code, purpose and reason', () => {
    const words = [...FINDING_CODES, ...Object.keys(PURPOSES), ...Object.keys(FAIL_CLOSED)];
    expect(words.filter((word) => !listGuide.includes(`\`${word}\``))).toEqual([]);
    for (const { zh, en } of Object.values(PURPOSES)) expect(listGuide).toContain(`${zh} ${en}`);
    for (const told of Object.values(FAIL_CLOSED)) expect(listGuide).toContain(told);
  });
});
