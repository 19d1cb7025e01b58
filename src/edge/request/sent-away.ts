import type { Fault } from '../../resilience/fault.ts';
import { faultAnswer, redirectAnswer } from '../message/answer.ts';
import type { Attempter } from './attempter.ts';
import type { Answered, Exchange } from './exchange.ts';
import { faultContext } from './fault-context.ts';
import { nobodyFor } from './nobody-left.ts';
import type { PathDeps } from './path-deps.ts';
import type { Recorder } from './recorder.ts';

type Deps = Pick<PathDeps, 'random'> & {
  readonly gaveUp: (exchange: Exchange, fault: Fault) => void;
  readonly attempts: Pick<Attempter, 'choose'>;
  readonly recorder: Pick<Recorder, 'record'>;
};

/** What a client gets that is to ask the best endpoint itself (`mode: redirect`). */
export function sentAway(exchange: Exchange, { gaveUp, attempts, recorder, random }: Deps): Answered {
  const { mode } = exchange.view.service;
  const endpoint = attempts.choose(exchange);
  if (endpoint === undefined || mode === 'proxy') {
    const fault = nobodyFor(exchange);
    gaveUp(exchange, fault);
    const { pseudonym } = exchange;
    return { answer: faultAnswer(fault, { ...faultContext(exchange), pseudonym, draw: random() }) };
  }
  recorder.record(exchange, undefined, { status: mode, how: 'complete' });
  const more = exchange.state.rules?.ownFields(exchange) ?? [];
  // The next client, and this one later, may be better off elsewhere.
  const own = ['Cache-Control', 'no-store', 'X-Request-Id', exchange.requestId, ...more];
  return { answer: redirectAnswer(mode, endpoint.publicUrl + exchange.head.target, own) };
}
