// Builds the console's files by Vite, unless what they are built from is what it was the last time.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const console = join(root, 'apps', 'console');
const stampFile = join(console, 'dist', 'site', '.built-from');

/** Directories and files of which the console is made; package-lock.json stands for everything installed. */
const SOURCES = [
  'package-lock.json',
  'apps/console/index.html',
  'apps/console/vite.config.mjs',
  'apps/console/src',
  'libs/contracts/src',
];

const wanted = digestOf(SOURCES);
if (stamp() !== wanted) {
  const { build } = await import('vite');
  await build({ configFile: join(console, 'vite.config.mjs'), logLevel: 'warn' });
  writeFileSync(stampFile, wanted);
}

function stamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return undefined;
  }
}

function digestOf(sources) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesIn)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** The files under a path, in the order of their names; tests are no part of what is built. */
function filesIn(path) {
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return filesIn(`${path}/${entry.name}`);
      return /\.(spec|fixture)\.ts$/.test(entry.name) ? [] : [`${path}/${entry.name}`];
    });
}
