import { expect, test } from 'vitest';
import { LINES_MAX, slackPost } from '../../../src/observe/slack.ts';
import { changeTo } from './finding.ts';

const textOf = (changes: Parameters<typeof slackPost>[1]) =>
  (JSON.parse(slackPost('http://slack/x', changes, 'iad-1').body) as { text: string }).text;

test('one line for each change, under a count', () => {
  const changes = [
    changeTo('firing', 'a'),
    changeTo('firing', 'b', { severity: 'warning' }),
    changeTo('resolved', 'c'),
  ];
  expect(textOf(changes)).toBe(
    '*Meridian iad-1*: 2 firing, 1 resolved\n' +
      ':red_circle: *critical* a is wrong\n' +
      ':large_yellow_circle: *warning* b is wrong\n' +
      ':white_check_mark: *resolved* c is wrong',
  );
  expect(textOf(changes.slice(2))).toMatch(/^\*Meridian iad-1\*: 1 resolved\n/);
});

test('nothing in a summary is taken for a link or a mention', () => {
  expect(textOf([changeTo('firing', 'a', { summary: '<!channel> & <http://evil|x>' })])).toContain(
    '&lt;!channel&gt; &amp; &lt;http://evil|x&gt;',
  );
});

test('of many changes the first are shown, and how many more there are', () => {
  const text = textOf(Array.from({ length: LINES_MAX + 3 }, (_, i) => changeTo('firing', String(i))));
  expect(text.split('\n')).toHaveLength(LINES_MAX + 2);
  expect(text).toMatch(/… and 3 more$/);
});
