import { expect, test } from 'vitest';
import { NEWS_MAX, News } from '../../../src/demo/news.ts';

test('what is new is taken once, and stays among the recent', () => {
  const news = new News();
  news.add('a', 1);
  news.add('b', 2);
  expect(news.take()).toEqual([
    { atMs: 1, text: 'a' },
    { atMs: 2, text: 'b' },
  ]);
  expect(news.take()).toEqual([]);
  news.add('b', 3);
  expect(news.take()).toEqual([]);
  news.add('a', 4);
  expect(news.take().map(({ text }) => text)).toEqual(['a']);
  expect(news.recent().map(({ text }) => text)).toEqual(['a', 'b', 'a']);
});

test('only the last are kept', () => {
  const news = new News();
  for (let i = 0; i < NEWS_MAX * 2; i += 1) news.add(String(i), i);
  expect(news.recent()).toHaveLength(NEWS_MAX);
  expect(news.take()).toHaveLength(NEWS_MAX);
  expect(news.recent().at(-1)?.text).toBe(String(NEWS_MAX * 2 - 1));
});
