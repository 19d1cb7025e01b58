import { expect, test } from 'vitest';
import { introduction } from '../../../src/demo/introduction.ts';

const about = {
  url: 'http://127.0.0.1:4000/',
  adminUrl: 'http://127.0.0.1:4001',
  file: '/tmp/x.yaml',
  rate: 60,
  deaf: undefined,
};

test('it says where everything is and what to type', () => {
  const text = introduction(about);
  expect(text).toContain('serves http://127.0.0.1:4000/');
  expect(text.match(/^curl .*http:\/\/127\.0\.0\.1:4000\/$/gm)).toHaveLength(3);
  expect(text).toContain('npm run demo -- kill gcp\n');
  expect(text).toMatch(/gcp\/asia-northeast1 +158 ms {2}Tokyo/);
  expect(text).toContain('breakers open for 10s (60s)');
  expect(text).toContain('/tmp/x.yaml');
});

test('it does not offer what would not work', () => {
  const text = introduction({ ...about, deaf: 'Another demo (process 7) runs already.' });
  expect(text).toContain('Another demo (process 7) runs already.');
  expect(text).not.toContain('npm run demo');
});
