import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './local-mesh/paths.ts';

const node = process.execPath;
const bin = (name: string): string => join(REPOSITORY, 'node_modules', ...name.split('/'));

/** Lints a text as if it were the file, by the repository's own configuration; gives the rules that object. */
function rulesAgainst(file: string, text: string): string[] {
  const run = spawnSync(node, [bin('eslint/bin/eslint.js'), '--stdin', '--stdin-filename', file, '--format', 'json'], {
    cwd: REPOSITORY,
    input: text,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  const [report] = JSON.parse(run.stdout) as [{ messages: { ruleId: string }[] }];
  return [...new Set(report.messages.map(({ ruleId }) => ruleId))];
}

const uses = (name: string): string => `import * as used from '${name}';\nexport const use = used;\n`;

beforeAll(() => {
  // The boundaries rule reads the project graph that nx keeps; without it, it is silent.
  const run = spawnSync(node, [bin('nx/dist/bin/nx.js'), 'show', 'projects'], {
    cwd: REPOSITORY,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  expect(run.status).toBe(0);
}, 120_000);

describe('a ring sees only what lies further in', () => {
  const boundaries = '@nx/enforce-module-boundaries';
  it.each([
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
    [
      'only tests see the harness',
      'libs/exchange/src/forbidden.ts',
      uses('@clearance/testing'),
      'no-restricted-imports',
    ],
    [
      'only messaging publishes',
      'libs/exchange/src/forbidden.ts',
      'export const f = (c: { publish(s: string): void }): void => c.publish("x");\n',
      'no-restricted-syntax',
    ],
  ])(
    '%s',
    (_rule, file, text, expected) => {
      expect(rulesAgainst(file, text)).toContain(expected);
    },
    60_000,
  );

  it('and the same is silent where it is allowed', () => {
    expect(rulesAgainst('libs/exchange/src/allowed.ts', uses('@clearance/messaging'))).toEqual([]);
    expect(rulesAgainst('apps/gateway/src/config.ts', 'export const home = process.env.HOME;\n')).toEqual([]);
  }, 60_000);
});
