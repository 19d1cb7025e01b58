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

test('what is wrong is asked for again at once, and says what is wrong', async () => {
  const lines = [
    '80',
    ':8080',
    'a b',
    'web',
    'aws/us-esat-1=http://a',
    'aws/us-east-1=http://a',
    'aws/us-east-1=http://a',
    '',
  ];
  const { questions, ask } = typing(...lines);
  expect(await askFor({}, ask)).toMatchObject({ listen: ':8080', service: 'web', endpoints: [{ url: 'http://a' }] });
  expect(questions[1]).toMatch(/^must be an address and port .*; once more$/);
  expect(questions[3]).toMatch(/^is no name.*; once more$/);
  expect(questions[5]).toMatch(/^region: "us-esat-1" is no known region of aws.*; once more$/);
  expect(questions[7]).toMatch(/^has the same cloud, region and url.*; once more$/);
});

test('an option that is wrong is told before anything is asked', async () => {
  const { questions, ask } = typing();
  await expect(askFor({ listen: '80' }, ask)).rejects.toThrow('--listen 80: must be an address and port');
  expect(questions).toEqual([]);
});
