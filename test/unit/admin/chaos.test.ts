import { expect, test } from 'vitest';
import { chaosReply } from '../../../src/admin/chaos.ts';

const echo = (body: unknown) => ({ got: body });

test.each([
  ['{"name": "x"}', { got: { name: 'x' } }],
  ['', { got: {} }],
  [' \n', { got: {} }],
])('the body %j is an order', (body, answer) => {
  const reply = chaosReply(body, echo);
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.body)).toEqual(answer);
});

test('what is no JSON is told what would be right', () => {
  expect(chaosReply('name=x', echo)).toMatchObject({
    status: 400,
    body: expect.stringMatching(/no JSON.*send JSON such as/s) as string,
  });
});

test('a refusal keeps its status and its problems', () => {
  const refusal = { error: 'the experiment is not good', status: 422, problems: ['radius is missing'] };
  const reply = chaosReply('{}', () => refusal);
  expect(reply.status).toBe(422);
  expect(JSON.parse(reply.body)).toMatchObject({ error: refusal.error, problems: refusal.problems, fix: /send JSON/ });
});
