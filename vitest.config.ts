import { defineConfig } from 'vitest/config';
import { TallyReporter } from './test/support/tally-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    // Processes, not threads: a test may start workers, take signals and crash without taking others along.
    pool: 'forks',
    maxWorkers: 2,
    // For what hangs, not for what is slow: on a machine with other work a test that calculates for seconds takes minutes.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 10_000,
    passWithNoTests: false,
    allowOnly: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    reporters: ['default', new TallyReporter()],
  },
});
