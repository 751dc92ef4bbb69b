// Two projects: `pure` needs nothing but Node; `real` runs against a real nats-server and a real PostgreSQL,
// which its global set-up starts once for the run.
const shared = {
  rootDir: '.',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['clearance-source', 'node'] },
  modulePathIgnorePatterns: ['/dist/'],
  setupFiles: ['<rootDir>/jest.properties.mjs'],
};

const pure = ['contracts', 'provenance', 'negative-list', 'recognition', 'coordination'];

export default {
  testSequencer: '<rootDir>/jest.sequencer.mjs',
  projects: [
    { ...shared, displayName: 'pure', testMatch: pure.map((lib) => `<rootDir>/libs/${lib}/src/**/*.spec.ts`) },
    {
      ...shared,
      displayName: 'real',
      testMatch: ['<rootDir>/{libs,apps}/*/src/**/*.spec.ts', '<rootDir>/tools/src/**/*.spec.ts'],
      testPathIgnorePatterns: [`/libs/(${pure.join('|')})/`, '/node_modules/'],
      globalSetup: '<rootDir>/libs/testing/src/jest-setup.ts',
      globalTeardown: '<rootDir>/libs/testing/src/jest-teardown.ts',
    },
  ],
};
