import { mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { followFile, type FollowedFile } from './follow-file.ts';

describe('followFile', () => {
  let directory: string;
  let path: string;
  let followed: FollowedFile<{ key: string }> | undefined;
  let lines: string[];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const parse = (text: string): { key: string } => JSON.parse(text) as { key: string };

  const until = async (what: string, condition: () => boolean): Promise<void> => {
    for (const deadline = Date.now() + 15_000; !condition(); await delay(20)) {
      if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    }
  };
  const current = (): string => followed!.current().key;
  const put = async (text: string): Promise<void> => {
    // As keys are replaced: written beside, then moved over.
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };

  beforeEach(async () => {
    lines = [];
    directory = await mkdtemp(join(tmpdir(), 'follow-file-'));
    path = join(directory, 'trust.json');
    await writeFile(path, '{"key":"first"}');
  });
  afterEach(async () => {
    followed?.stop();
    await rm(directory, { recursive: true });
  });

  it('gives what is there at the start, and what takes its place', async () => {
    followed = await followFile(path, parse, log);
    expect(current()).toBe('first');
    await put('{"key":"second"}');
    await until('the new key', () => current() === 'second');
    await writeFile(path, '{"key":"third"}');
    await until('the third key', () => current() === 'third');
  }, 40_000);

  it('sees a file that was moved over it with the same time, as happens within one tick of the clock', async () => {
    followed = await followFile(path, parse, log);
    const { atime, mtime } = await stat(path);
    await utimes(path, atime, mtime);
    followed.stop();
    followed = await followFile(path, parse, log);
    await writeFile(`${path}.new`, '{"key":"other"}');
    await utimes(`${path}.new`, atime, mtime);
    await rename(`${path}.new`, path);
    await until('the new key', () => current() === 'other');
  }, 30_000);

  it('keeps what it has while the file is broken or gone, says so, and takes the mended one', async () => {
    followed = await followFile(path, parse, log);
    await put('{"key":"secr3t-half-writt');
    await until('a warning', () => lines.some((line) => line.includes('file unreadable')));
    expect(current()).toBe('first');
    expect(lines.join('')).not.toContain('secr3t');
    await rm(path);
    await until('a warning of the missing file', () => lines.some((line) => line.includes('ENOENT')));
    expect(current()).toBe('first');
    await put('{"key":"mended"}');
    await until('the mended key', () => current() === 'mended');
  }, 60_000);

  it('misses no change that is made while it reads for the first time', async () => {
    let reads = 0;
    followed = await followFile(
      path,
      (text) => {
        reads += 1;
        if (reads === 1) writeFileSync(path, '{"key":"second"}');
        return parse(text);
      },
      log,
    );
    expect(current()).toBe('first');
    await until('the new key', () => current() === 'second');
  }, 30_000);

  it('looks at once when it is asked to, and tells of each change once', async () => {
    followed = await followFile(path, parse, log);
    const told: string[] = [];
    followed.onChange(() => told.push(current()));
    // Stopped, so that only asking shows anything.
    followed.stop();
    expect(await followed.look()).toEqual({ key: 'first' });
    await put('{"key":"second"}');
    const looks = await Promise.all([followed.look(), followed.look()]);
    expect(looks).toEqual([{ key: 'second' }, { key: 'second' }]);
    await put('{"key":"broken');
    expect(await followed.look()).toEqual({ key: 'second' });
    expect(told).toEqual(['second']);
  });

  it('refuses to start on a file that is missing or broken', async () => {
    await expect(followFile(join(directory, 'none'), parse, log)).rejects.toThrow(/ENOENT/);
    await writeFile(path, 'broken');
    await expect(followFile(path, parse, log)).rejects.toThrow(SyntaxError);
  });
});
