/*
 * Requests and answers that nobody would write, against both engines, as long as one likes.
 *
 *   npm run fuzz [-- --cases 200000 --seed N --engine on|off|both --side requests|answers|frames|answer-frames|all] [--case K]
 *
 * `frames` are those of HTTP/2, which node:http2 reads as well. A case is one client's connection with one to six requests, cut into segments at random. A failure is printed with the
 * bytes that were sent and with what brings it back: the same seed with `--case K`. Exits with 1 when there was one.
 */
import { parseArgs } from 'node:util';
import { answerSide } from './answer-side.ts';
import { campaign, type Order } from './campaign.ts';
import { h2Answers } from './h2-answers.ts';
import { h2Campaign } from './h2-side.ts';
import { requestSide } from './request-side.ts';

const SIDES = {
  requests: (order: Order) => campaign(requestSide(order.engine), order),
  answers: (order: Order) => campaign(answerSide(order.engine), order),
  frames: h2Campaign,
  'answer-frames': h2Answers,
};

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    case: { type: 'string' },
    engine: { type: 'string', default: 'both' },
    side: { type: 'string', default: 'all' },
  },
});
const seed = Number(values.seed);
console.log(`seed ${seed}`);
for (const engine of (['on', 'off'] as const).filter((one) => values.engine === 'both' || values.engine === one)) {
  for (const name of (['requests', 'answers', 'frames', 'answer-frames'] as const).filter(
    (one) => values.side === 'all' || values.side === one,
  )) {
    const cases = values.case === undefined ? Number(values.cases) : 1;
    const from = Number(values.case ?? 0);
    const { failures, requests, tookMs } = await SIDES[name]({ engine, seed, from, cases });
    for (const failure of failures) console.log(failure);
    const rate = Math.round((cases / tookMs) * 1000);
    console.log(
      `accelerator ${engine}, ${name}: ${cases} cases, ${requests} requests at the origin, ${Math.round(tookMs / 1000)} s (${rate} cases/s), ${failures.length} failures`,
    );
    if (failures.length > 0) process.exitCode = 1;
  }
}
// The libraries keep timers of their own.
process.exit();
