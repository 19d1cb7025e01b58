import { parseDuration } from '../config/duration.ts';
import { CONSISTENCIES, type Consistency } from '../config/topology-values.ts';
import type { AdminPorts, ValueAnswer, ValueRefusal } from './ports.ts';
import { type AdminReply, json, refuse } from './reply.ts';
import type { AdminRequest } from './request.ts';

const EXAMPLE = 'such as PUT /fleet/values/flags/beta-on?actor=ana with the body true';
/** A watch ends before the listener would give the answer up. */
export const WAIT_MS_MAX = 25_000;
const ACTOR_CHARS_MAX = 64;

/** The answers of `/fleet/values` and `/fleet/values/KEY`. */
export async function valuesReply(
  method: 'GET' | 'PUT' | 'DELETE',
  asked: AdminRequest,
  { values }: AdminPorts,
): Promise<AdminReply> {
  const { key = '', query } = asked;
  const strange = Object.keys(query).find((name) => !KNOWN[key === '' ? 'list' : method].includes(name));
  if (strange !== undefined)
    return refuse(
      400,
      `unknown parameter "${strange}"`,
      `known are: ${KNOWN[key === '' ? 'list' : method].join(', ')}`,
    );
  const consistency = consistencyOf(query['consistency']);
  if (consistency === 'wrong')
    return refuse(400, `"${query['consistency']}" is no consistency`, 'it is eventual or strong');
  if (key === '') return listReply(asked, values);
  if (method === 'GET') return valueReply(await values.get({ key, consistency }));
  return writeReply(method, { ...asked, key }, { values, consistency });
}

const KNOWN: Readonly<Record<'list' | 'GET' | 'PUT' | 'DELETE', readonly string[]>> = {
  list: ['prefix', 'after', 'wait'],
  GET: ['consistency'],
  PUT: ['consistency', 'actor'],
  DELETE: ['consistency', 'actor'],
};

async function listReply({ query }: AdminRequest, values: AdminPorts['values']): Promise<AdminReply> {
  const { prefix = '', after, wait } = query;
  const waitMs = wait === undefined ? 0 : parseDuration(wait);
  if (waitMs === undefined || waitMs > WAIT_MS_MAX || (wait !== undefined && after === undefined)) {
    return refuse(
      400,
      `wait=${wait} is no time to wait for`,
      `it goes with after=CURSOR, and is at most ${WAIT_MS_MAX / 1000}s, such as 20s`,
    );
  }
  const found = await values.list({ prefix, cursor: after, waitMs });
  return isRefusal(found) ? refusalReply(found) : json(200, found);
}

async function writeReply(
  method: 'PUT' | 'DELETE',
  { key, query, body, ifMatch, ifNoneMatch }: AdminRequest & { readonly key: string },
  { values, consistency }: { values: AdminPorts['values']; consistency: Consistency | undefined },
): Promise<AdminReply> {
  const problem = problemOf(method, { query, body, ifMatch, ifNoneMatch });
  if (problem !== undefined) return problem;
  const { actor = 'api' } = query;
  const value = method === 'PUT' ? (JSON.parse(body) as unknown) : undefined;
  return valueReply(await values.write({ key, value, actor, consistency, ifMatch, ifAbsent: ifNoneMatch === '*' }));
}

/** What is wrong with an order, if anything is. */
function problemOf(
  method: 'PUT' | 'DELETE',
  { query, body, ifMatch, ifNoneMatch }: AdminRequest,
): AdminReply | undefined {
  if (!isName(query['actor'] ?? 'api')) {
    return refuse(400, 'actor is no name', `it has 1 to ${ACTOR_CHARS_MAX} visible characters`);
  }
  if (ifNoneMatch !== undefined && (ifNoneMatch !== '*' || ifMatch !== undefined || method === 'DELETE')) {
    return refuse(
      400,
      `If-None-Match: ${ifNoneMatch} is not understood`,
      'it is * and means: only if it is not there; If-Match takes a version',
    );
  }
  if (ifMatch !== undefined && ifMatch !== '*' && !/^"[\x21\x23-\x7e]+"$/.test(ifMatch)) {
    return refuse(400, `If-Match: ${ifMatch} is no version`, 'send one etag as it was shown, with its quotes, or *');
  }
  if (method === 'PUT' && !isValue(body)) return refuse(400, 'the body is no JSON value', EXAMPLE);
  if (method === 'DELETE' && body.trim() !== '') return refuse(400, 'a DELETE has no body', 'send none');
  return undefined;
}

/** 202: it is in force on this edge, and stored nowhere yet. */
function valueReply(done: ValueAnswer | ValueRefusal): AdminReply {
  if (isRefusal(done)) return refusalReply(done);
  return { ...json(done.stored === 'here' ? 202 : 200, done), headers: { etag: done.etag } };
}

function refusalReply({ error, status, fix = EXAMPLE, now, retryMs }: ValueRefusal): AdminReply {
  const body = { error, fix, ...(now === undefined ? {} : { now }) };
  const headers = retryMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryMs / 1000)) };
  return { ...json(status, body), headers };
}

function consistencyOf(text: string | undefined): Consistency | 'wrong' | undefined {
  if (text === undefined) return undefined;
  return CONSISTENCIES.find((one) => one === text) ?? 'wrong';
}

function isName(actor: string): boolean {
  return actor.trim() !== '' && actor.length <= ACTOR_CHARS_MAX && !/\p{Cc}/u.test(actor);
}

function isValue(body: string): boolean {
  try {
    return JSON.parse(body) !== null;
  } catch {
    return false;
  }
}

function isRefusal(answer: object): answer is ValueRefusal {
  return 'error' in answer && 'status' in answer;
}
