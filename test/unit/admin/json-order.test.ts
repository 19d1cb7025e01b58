import { expect, test } from 'vitest';
import { orderReply } from '../../../src/admin/json-order.ts';

const echo = async (body: unknown) => ({ got: body });
const EXAMPLE = 'send JSON such as {}';

test.each([
  ['{"name": "x"}', { got: { name: 'x' } }],
  ['', { got: {} }],
  [' \n', { got: {} }],
])('the body %j is an order', async (body, answer) => {
  const reply = await orderReply(body, echo, EXAMPLE);
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.body)).toEqual(answer);
});

test('the answer to what is no JSON says what would be right', async () => {
  expect(await orderReply('name=x', echo, EXAMPLE)).toMatchObject({
    status: 400,
    body: expect.stringMatching(/no JSON.*send JSON such as/s) as string,
  });
});

test('a refusal keeps its status and its problems', async () => {
  const refusal = { error: 'the experiment is not good', status: 422, problems: ['radius is missing'] };
  const reply = await orderReply('{}', async () => refusal, EXAMPLE);
  expect(reply.status).toBe(422);
  expect(JSON.parse(reply.body)).toMatchObject({
    error: refusal.error,
    problems: refusal.problems,
    fix: expect.stringMatching(/send JSON/) as string,
  });
});
