import { type Message, valuesOf } from '../support/wire/message-reader.ts';
import type { Side } from './campaign.ts';
import { addressOf } from './conversation.ts';
import { Dice } from './dice.ts';
import { mutated } from './mutation.ts';
import { type Reading, readRequests } from './reference.ts';
import { writeRequest } from './request-grammar.ts';
import { wrongRequest } from './rewriting.ts';

type Open = {
  /** From where llhttp stops on, this edge may read on: what it finds there is not judged. */
  readonly open: boolean;
  readonly spoiled: boolean;
  readonly reading: Reading;
  readonly arrivals: Map<string, Message>;
};

/** What this edge may say to a request that llhttp would take: it is stricter, and it is a gateway. */
const REFUSALS = new Set(['400', '405', '408', '413', '417', '431', '501', '505', '508']);

/**
 * Requests under fire: some are valid, in all spellings; some are spoiled, with valid ones before and behind them. The origin
 * answers each with a number of its own, so that every answer says which arrival it belongs to.
 */
export function requestSide(engine: 'on' | 'off'): Side {
  const open = new Map<string, Open>();
  let serial = 0;
  return {
    name: 'requests',
    script: (seed, nth) => {
      const dice = new Dice(seed, nth);
      const spoiled = dice.onceIn(2);
      const text = spoiled ? spoiledText(dice, nth) : validText(dice, nth, dice.between(1, 6));
      const address = addressOf(nth);
      const reading = readRequests(text);
      open.set(address, {
        open: engine === 'on' && isTakenByWire(reading, text),
        spoiled,
        reading,
        arrivals: new Map(),
      });
      const whole = reading.messages.filter(({ complete }) => complete).length;
      return {
        address,
        pieces: pieces(dice, text),
        methods: reading.messages.map(({ method }) => method),
        answers: whole,
      };
    },
    arrived: ({ address, request, socket }) => {
      serial += 1;
      open.get(address)?.arrivals.set(String(serial), request);
      const body = request.start.startsWith('HEAD ') ? '' : `answer ${serial}`;
      socket.write(
        `HTTP/1.1 200 OK\r\nX-Serial: ${serial}\r\nContent-Length: ${`answer ${serial}`.length}\r\n\r\n${body}`,
      );
    },
    judge: (nth, { answers, problem, broken, hung }) => {
      const address = addressOf(nth);
      const { open: isOpen, spoiled, reading, arrivals } = open.get(address) as Open;
      open.delete(address);
      if (hung) return `it hung after ${answers.length} answers`;
      if (!spoiled && reading.error !== undefined) return `the grammar wrote what llhttp refuses: ${reading.error}`;
      if (problem !== undefined && !endsInRefusal(answers)) return `the client read ${problem}`;
      const claims: Claims = { open: isOpen, reading, arrivals: new Map(arrivals), address };
      for (const [i, answer] of answers.entries()) {
        const wrong = wrongClaim(claims, i, answer);
        if (wrong !== undefined) return wrong;
      }
      if (!spoiled && !isCutShort(reading, answers) && (broken || answers.length !== reading.messages.length)) {
        return `${answers.length} answers to ${reading.messages.length} valid requests`;
      }
      return spoiled || isCutShort(reading, answers)
        ? wrongRest(claims, answers.length)
        : claims.arrivals.size > 0
          ? 'a valid request arrived twice'
          : undefined;
    },
  };
}

/**
 * node:http closes behind an answer to a request that expected a 100 and did not get one in time, whatever was pipelined behind it. It
 * says so, and a client has to ask again.
 */
function isCutShort({ messages }: Reading, answers: readonly Message[]): boolean {
  const last = answers.at(-1);
  const expects = valuesOf(messages[answers.length - 1]?.headers ?? [], 'expect').length > 0;
  return last !== undefined && expects && valuesOf(last.headers, 'connection').join() === 'close';
}

type Claims = {
  readonly open: boolean;
  readonly reading: Reading;
  readonly arrivals: Map<string, Message>;
  readonly address: string;
};

/** An answer has to be that of the request in its place, which has to have arrived as it was meant. */
function wrongClaim(claims: Claims, i: number, answer: Message): string | undefined {
  const { open, reading, arrivals, address } = claims;
  const meant = reading.messages[i];
  const [serial] = valuesOf(answer.headers, 'x-serial');
  if (serial === undefined) return wrongOwn(claims, i, answer);
  const arrival = arrivals.get(serial);
  if (arrival === undefined) return `answer ${i} is somebody else's: ${serial}`;
  arrivals.delete(serial);
  if (meant?.complete !== true)
    return open ? undefined : `request ${i}, which is none (${reading.error}), arrived: ${arrival.start}`;
  if (answer.body !== (meant.method === 'HEAD' ? '' : `answer ${serial}`)) return `answer ${i} was changed`;
  return wrongRequest(meant, arrival, address);
}

/** An answer of this edge's own needs a reason. */
function wrongOwn({ reading }: Claims, i: number, answer: Message): string | undefined {
  const meant = reading.messages[i];
  if (answer.start.includes(' 204 ') && meant?.target === '*') return undefined;
  if (REFUSALS.has(answer.start.slice(9, 12)) && (reading.error !== undefined || hasReason(meant))) return undefined;
  return `answer ${i} is ${answer.start} ${JSON.stringify(answer.body)}`;
}

/**
 * What the wire engine takes and llhttp does not (docs/http.md): other methods and versions, more white space, and what follows a
 * request with `Connection: close` among its trailers, where it means nothing (RFC 9110 §6.5.1).
 */
function isTakenByWire({ error, messages }: Reading, text: string): boolean {
  switch (error) {
    case 'HPE_CLOSED_CONNECTION':
      return messages.some(({ trailers }) => valuesOf(trailers, 'connection').length > 0);
    case 'HPE_INVALID_METHOD':
    case 'HPE_INVALID_VERSION':
      return true;
    case 'HPE_INVALID_TRANSFER_ENCODING':
      return /transfer-encoding:[ \t]*chunked *\t/i.test(text);
    case 'HPE_INVALID_CHUNK_SIZE':
    case 'HPE_STRICT':
      return /\n[0-9a-f]+[ \t;][^\r\n]*\r\n/i.test(text);
    default:
      return false;
  }
}

/** Why the edge may refuse what llhttp takes: what DESIGN and RFC 9112 ask beyond its grammar. */
function hasReason(meant: Reading['messages'][number] | undefined): boolean {
  if (meant === undefined || !meant.complete) return true;
  const { target, headers, version, method } = meant;
  const coding = valuesOf(headers, 'transfer-encoding').join().toLowerCase();
  const reasons = [
    version !== '1.1' && version !== '1.0',
    isOddHost(valuesOf(headers, 'host')),
    target.includes('#') || !target.startsWith('/') || method === 'CONNECT',
    coding !== '' && (version === '1.0' || coding !== 'chunked'),
    valuesOf(headers, 'expect').length > 0 || valuesOf(headers, 'upgrade').length > 0,
    valuesOf(headers, 'via').join().includes('meridian-'),
  ];
  return reasons.includes(true);
}

function isOddHost(hosts: readonly string[]): boolean {
  const [host = ''] = hosts;
  return hosts.length !== 1 || /[^\w.~!$&'()*+,;=:-]|:.*\D|:\d*:|^:|:\d{6}/.test(host);
}

/** What arrived and was not answered any more, because the connection ended before, has to have been meant all the same. */
function wrongRest({ open, reading, arrivals, address }: Claims, answered: number): string | undefined {
  if (open) return undefined;
  const unanswered = reading.messages.slice(answered).filter(({ complete }) => complete);
  for (const arrival of arrivals.values()) {
    const i = unanswered.findIndex((meant) => wrongRequest(meant, arrival, address) === undefined);
    if (i === -1) return `what nobody meant arrived: ${JSON.stringify(arrival)}`;
    unanswered.splice(i, 1);
  }
  return undefined;
}

/** A refusal closes the connection; it has a body even when the request, which nobody understood, was a HEAD. */
function endsInRefusal(answers: readonly Message[]): boolean {
  const last = answers.at(-1);
  return (
    last !== undefined &&
    REFUSALS.has(last.start.slice(9, 12)) &&
    valuesOf(last.headers, 'connection').join() === 'close'
  );
}

function validText(dice: Dice, nth: number, count: number): string {
  let text = '';
  for (let i = 0; i < count; i += 1) {
    const { bytes, last } = writeRequest(dice, `${nth}.${i}`);
    text += bytes;
    if (last) break;
  }
  return text;
}

function spoiledText(dice: Dice, nth: number): string {
  const before = dice.onceIn(3) ? writeRequest(dice, `${nth}.b`).bytes : '';
  return (
    before +
    mutated(dice, writeRequest(dice, `${nth}.m`).bytes) +
    (dice.onceIn(3) ? '' : writeRequest(dice, `${nth}.c`).bytes)
  );
}

function pieces(dice: Dice, text: string): string[] {
  if (text.length < 400 && dice.onceIn(60)) return text.split('');
  return dice.onceIn(3) ? [text] : dice.cut(text, 5);
}
