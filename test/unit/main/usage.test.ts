import { expect, test } from 'vitest';
import { STATUS } from '../../../src/main/commands/asking.ts';
import { DRAIN } from '../../../src/main/commands/ordering.ts';
import { INIT } from '../../../src/main/commands/serving.ts';
import { parsed, UsageError } from '../../../src/main/usage.ts';

test('options and what the command takes are read', () => {
  const { values, positionals } = parsed(DRAIN, ['gcp', '--reason=x', '--json', '-c', 'a.yaml']);
  expect({ ...values }).toEqual({ reason: 'x', json: true, config: 'a.yaml' });
  expect(positionals).toEqual(['gcp']);
  expect(parsed(INIT, ['--endpoint', 'a', '--endpoint', 'b']).values.endpoint).toEqual(['a', 'b']);
});

test.each([
  [['--reson', 'x'], 'drain has no option --reson; did you mean "--reason"?'],
  [['--zzzzzz'], 'drain has no option --zzzzzz'],
  [['-x'], 'drain has no option -x'],
  [['--reason'], '--reason needs a value: --reason TEXT'],
  [['-c'], '--config needs a value: --config FILE'],
  [['--reason', '--json'], '--reason needs a value: --reason TEXT'],
  [['--json=yes'], '--json takes no value'],
])('%j is wrong: %s', (args, message) => {
  expect(() => parsed(DRAIN, args)).toThrow(new UsageError(message));
});

test('a command that takes nothing says so', () => {
  expect(() => parsed(STATUS, ['shop'])).toThrow(
    new UsageError('status takes no "shop"; options begin with two dashes'),
  );
});
