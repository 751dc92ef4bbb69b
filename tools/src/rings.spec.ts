import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './local-mesh/paths.ts';

const node = process.execPath;
const bin = (name: string): string => join(REPOSITORY, 'node_modules', ...name.split('/'));

/** A text that is linted as if it were the file. */
interface Sample {
  file: string;
  text: string;
}

/** ESLint loads for seconds and judges in milliseconds: one process lints all, so not the command but what it calls. */
const LINT = `
  import { ESLint } from 'eslint';
  import { text } from 'node:stream/consumers';
  const eslint = new ESLint();
  const found = [];
  for (const { file, text: code } of JSON.parse(await text(process.stdin))) {
    const [{ messages }] = await eslint.lintText(code, { filePath: file });
    found.push([...new Set(messages.map(({ ruleId }) => ruleId))]);
  }
  process.stdout.write(JSON.stringify(found));
`;

/** The rules that object to each text, by the repository's own configuration. */
function rulesAgainst(samples: readonly Sample[]): string[][] {
  const run = spawnSync(node, ['--input-type=module', '--eval', LINT], {
    cwd: REPOSITORY,
    input: JSON.stringify(samples),
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as string[][];
}

const uses = (name: string): string => `import * as used from '${name}';\nexport const use = used;\n`;

const boundaries = '@nx/enforce-module-boundaries';
/** What must be found, where. */
const FORBIDDEN: readonly (readonly [rule: string, file: string, text: string, found: string])[] = [
  ['pure must not see io', 'libs/contracts/src/forbidden.ts', uses('@clearance/messaging'), boundaries],
  ['pure must not see flow', 'libs/recognition/src/forbidden.ts', uses('@clearance/exchange'), boundaries],
  ['io must not see flow', 'libs/messaging/src/forbidden.ts', uses('@clearance/exchange'), boundaries],
  [
    'an app must not see another app',
    'apps/customs-sync/src/forbidden.ts',
    uses('../../gateway/src/run-gateway.ts'),
    boundaries,
  ],
  [
    'pure must not see a framework',
    'libs/provenance/src/forbidden.ts',
    uses('@nestjs/common'),
    'no-restricted-imports',
  ],
  ['pure must not see the network', 'libs/negative-list/src/forbidden.ts', uses('node:net'), 'no-restricted-imports'],
  [
    'pure must not see a clock',
    'libs/recognition/src/forbidden.ts',
    'export const now = Date.now();\n',
    'no-restricted-properties',
  ],
  [
    'pure must not see a clock',
    'libs/recognition/src/forbidden.ts',
    'export const now = new Date();\n',
    'no-restricted-syntax',
  ],
  [
    'pure must not see randomness',
    'libs/provenance/src/forbidden.ts',
    'export const r = Math.random();\n',
    'no-restricted-properties',
  ],
  [
    'only a config.ts reads the environment',
    'libs/exchange/src/forbidden.ts',
    'export const home = process.env.HOME;\n',
    'no-restricted-properties',
  ],
  ['only tests see the harness', 'libs/exchange/src/forbidden.ts', uses('@clearance/testing'), 'no-restricted-imports'],
  [
    'only messaging publishes',
    'libs/exchange/src/forbidden.ts',
    'export const f = (c: { publish(s: string): void }): void => c.publish("x");\n',
    'no-restricted-syntax',
  ],
];
const ALLOWED: readonly Sample[] = [
  { file: 'libs/exchange/src/allowed.ts', text: uses('@clearance/messaging') },
  { file: 'apps/gateway/src/config.ts', text: 'export const home = process.env.HOME;\n' },
];

let forbidden: string[][];
let allowed: string[][];
beforeAll(() => {
  // The boundaries rule reads the project graph that nx keeps; without it, it is silent.
  const run = spawnSync(node, [bin('nx/dist/bin/nx.js'), 'show', 'projects'], {
    cwd: REPOSITORY,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  expect(run.status).toBe(0);
  const found = rulesAgainst([...FORBIDDEN.map(([, file, text]) => ({ file, text })), ...ALLOWED]);
  forbidden = found.slice(0, FORBIDDEN.length);
  allowed = found.slice(FORBIDDEN.length);
}, 180_000);

describe('a ring sees only what lies further in', () => {
  it.each(FORBIDDEN.map(([rule, , , expected], index) => [rule, expected, index] as const))(
    '%s: %s',
    (_rule, expected, index) => {
      expect(forbidden[index]).toContain(expected);
    },
  );

  it('and the same is silent where it is allowed', () => {
    expect(allowed).toEqual([[], []]);
  });
});
