import type { Refusal } from './ports.ts';
import { type AdminReply, json, refuse } from './reply.ts';

const EXAMPLE =
  'send JSON such as {"name": "slow-gcp", "kind": "latency", "delay": "300ms", "radius": "5%", "for": "2m", "scope": {"cloud": "gcp"}}';

/** Carries out an order about experiments, whose body is JSON; an empty body is an order without particulars. */
export function chaosReply(body: string, order: (body: unknown) => object | Refusal): AdminReply {
  const read = parsed(body);
  if (read === undefined) return refuse(400, 'the body is no JSON object', EXAMPLE);
  const answer = order(read.value);
  if (!isRefusal(answer)) return json(200, answer);
  const { error, status, fix = EXAMPLE, problems } = answer;
  return json(status, { error, fix, ...(problems === undefined ? {} : { problems }) });
}

function parsed(body: string): { readonly value: unknown } | undefined {
  if (body.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}

function isRefusal(answer: object): answer is Refusal {
  return 'error' in answer && 'status' in answer;
}
