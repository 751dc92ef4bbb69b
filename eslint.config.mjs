import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

/** What a ring may depend on (ARCHITECTURE.md). A project has exactly one ring tag. */
const rings = [
  { sourceTag: 'ring:pure', onlyDependOnLibsWithTags: ['ring:pure'] },
  { sourceTag: 'ring:io', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io'] },
  { sourceTag: 'ring:flow', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow'] },
  { sourceTag: 'ring:app', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow'] },
  { sourceTag: 'ring:test', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow', 'ring:test'] },
  { sourceTag: 'ring:tool', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow'] },
];

/** Packages and globals that would give a pure library a clock, a network, a framework or the environment. */
const impure = {
  group: ['@nestjs/*', 'typeorm', 'pg', '@nats-io/*', 'node:fs', 'node:fs/*', 'node:net', 'node:http', 'node:child_process', 'pino', 'rxjs'],
  message: 'A pure library sees no framework, network, file or database (ARCHITECTURE.md, rings).',
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.mesh/**', 'coverage/**', '**/*.fixture.ts', 'docs/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: ['@clearance/testing'], depConstraints: rings },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: "Only an app's config.ts reads the environment." },
      ],
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['libs/{contracts,provenance,negative-list,recognition}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [impure] }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'A pure library sees no environment.' },
        { object: 'Date', property: 'now', message: 'Time is an argument of a pure function.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument of a pure function.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time is an argument of a pure function.' },
        { selector: 'CallExpression[callee.name=/^(randomBytes|randomUUID|randomFillSync)$/]', message: 'Randomness is an argument of a pure function.' },
      ],
    },
  },
  {
    files: ['**/config.ts', 'tools/**/*.ts', 'tools/**/*.mjs', 'libs/testing/**/*.ts', '**/*.spec.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  prettier,
);
