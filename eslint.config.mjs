import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';

/** What a ring may depend on (ARCHITECTURE.md). A project has exactly one ring tag. */
const rings = [
  { sourceTag: 'ring:pure', onlyDependOnLibsWithTags: ['ring:pure'] },
  { sourceTag: 'ring:io', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io'] },
  { sourceTag: 'ring:flow', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow'] },
  { sourceTag: 'ring:app', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow'] },
  { sourceTag: 'ring:page', onlyDependOnLibsWithTags: ['ring:pure'] },
  { sourceTag: 'ring:test', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow', 'ring:test'] },
  { sourceTag: 'ring:tool', onlyDependOnLibsWithTags: ['ring:pure', 'ring:io', 'ring:flow'] },
];

/** Packages and globals that would give a pure library a clock, a network, a framework or the environment. */
const impure = {
  group: [
    '@nestjs/*',
    'typeorm',
    'pg',
    '@nats-io/*',
    'node:fs',
    'node:fs/*',
    'node:net',
    'node:http',
    'node:child_process',
    'pino',
    'rxjs',
  ],
  message: 'A pure library sees no framework, network, file or database (ARCHITECTURE.md, rings).',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.mesh/**',
      'coverage/**',
      '**/*.fixture.ts',
      'docs/**',
      '**/*.d.ts',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: ['@clearance/testing'],
          // Tests of a library may use the harness that is built on it; code may not (next block).
          ignoredCircularDependencies: ['contracts', 'platform', 'provision', 'messaging', 'provenance'].map((lib) => [
            `@clearance/${lib}`,
            '@clearance/testing',
          ]),
          depConstraints: rings,
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
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
    // The harness is seen from tests only, and only `messaging` publishes.
    files: ['libs/**/*.ts', 'apps/**/*.{ts,tsx}', 'tools/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/testing/**', 'tools/src/end-to-end/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@clearance/testing', message: 'The test harness is seen from tests only.' }] },
      ],
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/messaging/**', 'libs/testing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name="publish"][callee.object.name!="options"]',
          message: 'Only libs/messaging publishes: what leaves goes through its publisher.',
        },
      ],
    },
  },
  {
    files: ['libs/{contracts,provenance,negative-list,recognition,coordination}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [impure],
          paths: [{ name: '@clearance/testing', message: 'The test harness is seen from tests only.' }],
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'A pure library sees no environment.' },
        { object: 'Date', property: 'now', message: 'Time is an argument of a pure function.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument of a pure function.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time is an argument of a pure function.',
        },
        {
          selector: 'CallExpression[callee.name=/^(randomBytes|randomUUID|randomFillSync)$/]',
          message: 'Randomness is an argument of a pure function.',
        },
      ],
    },
  },
  { ...reactHooks.configs.flat.recommended, files: ['apps/console/src/**/*.{ts,tsx}'] },
  {
    files: ['**/config.ts', 'tools/**/*.ts', 'tools/**/*.mjs', 'libs/testing/**/*.ts', '**/*.spec.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  prettier,
);
