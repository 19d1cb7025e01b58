import { expect, test } from 'vitest';
import { askFor } from '../../../src/main/init.ts';

/** Somebody who types these lines. */
function typing(...lines: string[]) {
  const questions: string[] = [];
  const ask = async (question: string, usual: string) => {
    questions.push(question);
    const typed = lines.shift() ?? '';
    return typed === '' ? usual : typed;
  };
  return { questions, ask };
}

test('it asks for what no option says, and for endpoints until nothing is typed', async () => {
  const { questions, ask } = typing('', 'shop', 'nonsense', 'aws/us-east-1=http://a', 'gcp/europe-west1=http://b', '');
  expect(await askFor({}, ask)).toEqual({
    listen: '127.0.0.1:8080',
    admin: '127.0.0.1:9901',
    service: 'shop',
    hosts: [],
    endpoints: [
      { cloud: 'aws', region: 'us-east-1', url: 'http://a' },
      { cloud: 'gcp', region: 'europe-west1', url: 'http://b' },
    ],
  });
  expect(questions[3]).toMatch(/^That is not written as/);
});

test('what options say is not asked', async () => {
  const { questions, ask } = typing('aws/us-east-1=http://a', '');
  await askFor({ listen: ':1', service: 'x' }, ask);
  expect(questions).toHaveLength(2);
});
