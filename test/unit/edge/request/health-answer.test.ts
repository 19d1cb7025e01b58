import { expect, test } from 'vitest';
import { healthAnswer } from '../../../../src/edge/request/health-answer.ts';

function asked(path: string, method: string, target: string, serving = 1): number | undefined {
  return healthAnswer(() => path, Uint8Array.of(serving))({ method, target })?.status;
}

test.each([
  ['GET', '/up', 200],
  ['HEAD', '/up', 200],
  ['POST', '/up', undefined],
  ['GET', '/up/', undefined],
  ['GET', '/up?x', undefined],
  ['GET', '/', undefined],
])('%s %s: %s', (method, target, status) => expect(asked('/up', method, target)).toBe(status));

test('it is 503 while no traffic is wanted', () => expect(asked('/up', 'GET', '/up', 0)).toBe(503));

test('where no path is named, none is answered', () => {
  for (const target of ['/', '*', '/up']) expect(asked('', 'GET', target)).toBeUndefined();
});
