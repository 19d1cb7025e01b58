import { expect, test } from 'vitest';
import { type KeyAction, press } from '../../../src/demo/keys.ts';

const short = (action: KeyAction) => (action.type === 'quit' ? 'quit' : `${action.verb} ${action.target.name}`);

test.each([
  ['1', ['kill aws/us-east-1']],
  ['6', ['kill azure/brazilsouth']],
  ['g', ['kill gcp']],
  ['agz', ['kill aws', 'kill gcp', 'kill azure']],
  ['h3', ['hang gcp/europe-west1']],
  ['hz1', ['hang azure', 'kill aws/us-east-1']],
  ['q', ['quit']],
  ['\u0003', ['quit']],
  ['\u0004', ['quit']],
  ['hq', ['quit']],
  ['0789xXAG \r\n', []],
])('%j', (typed, actions) => {
  const pressed = press('plain', typed);
  expect(pressed.actions.map(short)).toEqual(actions);
  expect(pressed.mode).toBe('plain');
});

test('what is to hang may come with the next key', () => {
  expect(press('plain', 'h')).toEqual({ mode: 'hang', actions: [] });
  expect(press('hang', 'a').actions.map(short)).toEqual(['hang aws']);
  expect(press('hang', 'h')).toEqual({ mode: 'plain', actions: [] });
  expect(press('hang', 'x')).toEqual({ mode: 'plain', actions: [] });
});

test('arrow and function keys stop nothing, though they are made of letters and digits', () => {
  for (const typed of ['\u001B[1;5A', '\u001B[15~', '\u001BOa', '\u001Bg']) {
    expect(press('hang', typed)).toEqual({ mode: 'plain', actions: [] });
  }
});
