import { expect, test } from 'vitest';
import { addedTable } from '../../bench/peers/added.ts';
import type { Measured } from '../../bench/peers/measure.ts';
import { median, mediansOf } from '../../bench/peers/medians.ts';
import { figuresTable, ratioTable } from '../../bench/peers/tables.ts';
import { luaText, readWrk } from '../../bench/peers/wrk.ts';
import { AnswerCounter } from '../../bench/rig/answer-counter.ts';
import { between } from '../../bench/rig/page.ts';

const round = (userUs: number, bad = 0): Measured => ({
  userUs,
  systemUs: 10,
  busy: 0.5,
  others: 0.04,
  peakBytes: 1024 * 1024 * userUs,
  requests: 100,
  requestsPerSecond: 1000 / userUs,
  p50Ms: 1,
  p99Ms: 2,
  p999Ms: 3,
  bad,
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %f', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test('rounds become one: the middle of each figure, the sum of what failed, the most memory', () => {
  const one = mediansOf('GET', 'nginx', [round(5, 1), round(90), round(7, 2)]);
  expect(one).toMatchObject({ cpuUs: 17, cpuUsMin: 15, cpuUsMax: 100, userUs: 7, systemUs: 10, requests: 300, bad: 3 });
  expect(one.peakBytes).toBe(90 * 1024 * 1024);
  expect(one.requestsPerSecond).toBeCloseTo(1000 / 7);
});

test('the ratio table sets every proxy against the reference, work by work', () => {
  const medians = [
    mediansOf('GET', 'HAProxy', [round(10)]),
    mediansOf('GET', 'other', [round(40)]),
    mediansOf('POST', 'other', [round(2000)]),
  ];
  expect(ratioTable(medians, 'HAProxy').split('\n')).toEqual([
    '| CPU µs a request (× HAProxy) |         GET | POST |',
    '|------------------------------|------------:|-----:|',
    '| HAProxy                      | 20.0 (1.00) |    - |',
    '| other                        | 50.0 (2.50) | 2010 |',
  ]);
});

test('the table of figures shows what failed and how far apart rounds were', () => {
  const [, , line] = figuresTable([mediansOf('GET', 'nginx', [round(5, 1), round(6), round(7)])]).split('\n');
  expect(line?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'GET',
    'nginx',
    '16.0',
    '6.0',
    '10.0',
    '15.0–17.0',
    '50 %',
    '4 %',
    '167',
    '1.00',
    '2.00',
    '3.00',
    '7',
    '1',
    '',
  ]);
});

test('what a proxy adds is its percentile less that of its origin', () => {
  const paced = (p99Us: number, failed = 0) => ({ answered: 9, p50Us: 50, p99Us, p999Us: 900, lateP99Us: 4, failed });
  const row = { through: 'nginx', requestsPerSecond: 1000, proxied: [paced(300), paced(500), paced(310, 2)] };
  const [, , line] = addedTable([{ ...row, direct: [paced(100), paced(100), paced(120)] }]).split('\n');
  expect(line?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'nginx',
    '1000',
    '50',
    '310',
    '900',
    '100',
    '0',
    '210',
    '190–400',
    '4',
    '2',
    '',
  ]);
});

test('wrk prints a line that is read back, among its prose', () => {
  const line = '{"requests":250,"us":500000,"bad":3,"p50":1500,"p99":2000,"p999":2500}';
  expect(readWrk(`Running 1s test\n  1 threads\n${line}\n`)).toEqual({
    requests: 250,
    requestsPerSecond: 500,
    p50Ms: 1.5,
    p99Ms: 2,
    p999Ms: 2.5,
    bad: 3,
  });
  expect(() => readWrk('unable to connect')).toThrow(/no figures:\nunable to connect/);
});

test('wrk posts only when asked to', () => {
  expect(luaText()).not.toContain('POST');
  expect(luaText(1024)).toContain('wrk.method = "POST"\nwrk.body = string.rep("x", 1024)');
});

test('an answer counts when its last byte has come, however it is cut', () => {
  const answer = Buffer.from('HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 5\r\n\r\nhello');
  for (let cut = 0; cut <= answer.length; cut += 1) {
    const seen: number[] = [];
    const counter = new AnswerCounter((status) => seen.push(status));
    for (const part of [answer.subarray(0, cut), answer.subarray(cut)]) if (part.length > 0) counter.take(part);
    expect(seen).toEqual([200]);
    counter.take(Buffer.from('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n'));
    expect(seen).toEqual([200, 503]);
  }
});

test('an answer without a length, or with more than it said, is an error and not a guess', () => {
  const take = (text: string) => new AnswerCounter(() => {}).take(Buffer.from(text));
  expect(() => take('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')).toThrow(/without a length/);
  expect(() => take('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab')).toThrow(/more came/);
  expect(() => take('x'.repeat(20_000))).toThrow(/without an end/);
});

test('a page takes a text between its markers, and nowhere else', () => {
  const page = 'a\n<!-- bench:peers begin -->\nold\n<!-- bench:peers end -->\nb';
  expect(between(page, 'peers', 'new')).toBe(page.replace('old', 'new'));
  expect(() => between(page, 'edge', 'new')).toThrow(/no <!-- bench:edge begin -->/);
});
