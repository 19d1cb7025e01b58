import { duration } from './duration.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { integer } from './scalars.ts';
import { share } from './share.ts';
import { block, key } from './zod-schema.ts';

const EXPECTED = 'an objective from 50% to 99.9999%, such as 99.99% or 0.9999';
const LEAST = 0.5;
const MOST = 0.999999;

/** A share of requests that are to be answered well. All of them would leave no budget to divide by. */
const objective: Kind<number> = {
  expected: EXPECTED,
  json: share.json,
  read(value) {
    const read = share.read(value);
    if (read.ok && read.value >= LEAST && read.value <= MOST) return right(asWritten(read.value));
    if (read.ok && read.value === 1) return wrong(`${mustBe(EXPECTED, value)}; an objective of all leaves no budget`);
    const percent = typeof value === 'number' && value >= 100 * LEAST && value < 100;
    return percent ? wrong(`${mustBe(EXPECTED, value)}; did you mean ${value}%?`) : wrong(mustBe(EXPECTED, value));
  },
};

/** 99.99 / 100 is 0.9998999999999999, and an objective stands in metrics and tables. */
function asWritten(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

/** `slo`: what is promised, and when too little has happened to judge it. */
export const SLO = block('What share of requests is to be answered well, and over which time.', {
  objective: key(
    objective,
    '99.99%',
    'Share of client requests that are to be answered well: a status below 500 and a whole body.',
  ),
  window: key(
    duration({ min: '24h', max: '2160h' }),
    '720h',
    'Time over which the error budget is counted; 720h is 30 days.',
  ),
  minimum_requests: key(
    integer(0, 1_000_000_000),
    100,
    'Requests in the longer of two windows below which their burn rates alert nobody.',
  ),
  minimum_errors: key(
    integer(1, 1_000_000_000),
    5,
    'Bad requests among them below which nobody is alerted, so that one error at night wakes nobody.',
  ),
});
