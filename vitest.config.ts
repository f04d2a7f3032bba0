import { defineConfig } from 'vitest/config';

const shared = { environment: 'node', pool: 'forks' } as const;

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        // needs nothing: no disk, no network, no database
        test: {
          ...shared,
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'examples/**/*.test.ts',
            'tests/chaos/*.test.ts',
            'tests/web-app/*.test.ts',
            'ui/src/**/*.test.ts',
          ],
          exclude: ['**/*.{pg,io}.test.ts'],
        },
      },
      {
        // `.io.test.ts`: files and local servers (DuckDB, S3 stand-ins)
        test: {
          ...shared,
          name: 'io',
          include: ['{src,tests/web-app}/**/*.io.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // a real browser over the real service
        test: {
          ...shared,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // `.pg.test.ts`: a real PostgreSQL, one database a file from a template
        test: {
          ...shared,
          name: 'pg',
          include: ['src/**/*.pg.test.ts', 'tests/acceptance/**/*.test.ts', 'tests/sftp/**/*.test.ts'],
          globalSetup: ['src/db/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
