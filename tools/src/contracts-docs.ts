import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncApiDocument, schemaDocuments } from '@clearance/contracts';
import { stringify } from 'yaml';

/**
 * Writes the machine-readable forms of the interface below `docs/`: `schemas/*.json` (JSON Schema 2020-12) and
 * `asyncapi.yaml` (AsyncAPI 3). Schemas of earlier runs that no longer exist are removed.
 */
async function writeContractDocuments(root: string): Promise<void> {
  const folder = join(root, 'docs', 'schemas');
  const documents = schemaDocuments();
  await mkdir(folder, { recursive: true });
  const files = new Set(Object.keys(documents).map((name) => `${name}.json`));
  const stale = (await readdir(folder)).filter((file) => file.endsWith('.json') && !files.has(file));
  await Promise.all(stale.map((file) => rm(join(folder, file))));
  for (const [name, document] of Object.entries(documents)) {
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(document, null, 2)}\n`);
  }
  await writeFile(
    join(root, 'docs', 'asyncapi.yaml'),
    stringify(asyncApiDocument(), { lineWidth: 0, aliasDuplicateObjects: false }),
  );
}

await writeContractDocuments(join(import.meta.dirname, '..', '..'));
