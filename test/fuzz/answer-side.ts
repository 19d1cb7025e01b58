import type { Socket } from 'node:net';
import { HAS_WIRE } from '../contract/engines.ts';
import { type Message, valuesOf } from '../support/wire/message-reader.ts';
import { type Script, writeAnswer } from './answer-grammar.ts';
import type { Side } from './campaign.ts';
import { addressOf } from './conversation.ts';
import { Dice } from './dice.ts';
import { mutated } from './mutation.ts';
import { type Read, readAnswers } from './reference.ts';
import { text } from './request-grammar.ts';
import { wrongAnswer } from './rewriting.ts';

type Turn = {
  readonly method: string;
  readonly script: Script;
  readonly pieces: readonly string[];
  readonly spoiled: boolean;
  /** What llhttp makes of the script: the final answer if it is whole. */
  readonly meant: Read | undefined;
  times: number;
};

/**
 * What the Fastify engine is known to do otherwise: node:http writes the bytes above ASCII of an answer that has \`Expect\` as UTF-8.
 */
const KNOWN = /\nexpect[ \t]*:/i;

/** A bare LF, a length that is said again, white space in chunks, a later minor version. */
const OPEN = /(?<!\r)\n|content-length[^]*content-length|[0-9a-f][ \t]+(?:;|\r\n)|;[^\r\n]*[ \t]|HTTP\/1\.[2-9]/i;

/** Three attempts, each of which may find a dead connection and go out once more over a new one. */
const SENDS_MAX = 6;

const METHODS = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT'];

/**
 * Answers under fire: what a client gets of a valid one is what was sent; of a spoiled one either what llhttp reads in it, or a
 * 502, or a connection that breaks; and never a byte of anybody else's.
 */
export function answerSide(engine: 'on' | 'off'): Side {
  const lenient = engine === 'off' || !HAS_WIRE;
  const open = new Map<string, readonly Turn[]>();
  return {
    name: 'answers',
    script: (seed, nth) => {
      const dice = new Dice(seed, nth);
      const turns = Array.from({ length: dice.between(1, 5) }, (_, i) => turnOf(dice, `${nth}.${i}`));
      const address = addressOf(nth);
      open.set(address, turns);
      const bytes = turns.map(({ method }, i) => requestOf(method, i)).join('');
      return {
        address,
        pieces: dice.onceIn(2) ? [bytes] : dice.cut(bytes, 4),
        methods: turns.map(({ method }) => method),
        answers: turns.length,
      };
    },
    arrived: ({ address, request, socket }) => {
      const turn = open.get(address)?.[Number(valuesOf(request.headers, 'x-nth')[0])];
      if (turn === undefined) socket.destroy();
      else {
        turn.times += 1;
        play(socket, turn, 0);
      }
    },
    judge: (nth, { answers, problem, hung }) => {
      const turns = open.get(addressOf(nth)) as readonly Turn[];
      open.delete(addressOf(nth));
      if (hung) return `it hung after ${answers.length} answers${story(turns)}`;
      if (problem !== undefined) return `the client read ${problem}${story(turns)}`;
      for (const [i, turn] of turns.entries()) {
        const answer = answers[i];
        if (answer === undefined) {
          // A connection may break where an answer did, before its first byte too, and not elsewhere.
          if (!turn.spoiled) return `no answer ${i}${story(turns)}`;
          break;
        }
        if (lenient && turn.spoiled && KNOWN.test(turn.script.bytes)) continue;
        const wrong = wrongTurn(turn, answer);
        if (wrong !== undefined) return `answer ${i}: ${wrong}${story(turns)}`;
      }
      const twice = turns.findIndex(({ method, times }) => times > (method === 'POST' ? 1 : SENDS_MAX));
      return twice === -1 ? undefined : `request ${twice} was sent ${turns[twice]?.times} times`;
    },
  };
}

function wrongTurn({ method, script, spoiled, meant }: Turn, answer: Message): string | undefined {
  const own = valuesOf(answer.headers, 'proxy-status').join();
  if (own.startsWith('meridian-test; error=')) {
    if (spoiled) return undefined;
    // What was valid may have been behind something that was not, on a connection that was closed for it.
    if (method === 'POST' && own.includes('connection_terminated')) return undefined;
    return `${own} for a valid answer`;
  }
  // More than llhttp takes (docs/http.md): it does not say how it would read that.
  if (meant === undefined && spoiled && OPEN.test(script.bytes)) return undefined;
  if (meant === undefined)
    return `llhttp reads no whole answer in ${JSON.stringify(script.bytes)}, the client got ${JSON.stringify(answer)}`;
  return wrongAnswer(meant, answer);
}

function turnOf(dice: Dice, tag: string): Turn {
  const method = dice.pick(METHODS);
  const spoiled = dice.onceIn(3);
  const valid = writeAnswer(dice, { method, tag });
  const bytes = spoiled ? spoil(dice, valid.bytes) : valid.bytes;
  const whole = finalOf(bytes, method, valid.after === 'end');
  // What nobody could take for whole has to end, or it would be waited for.
  const script: Script = { bytes, after: whole === undefined ? 'end' : valid.after };
  const meant = whole ?? finalOf(bytes, method, true);
  // Bytes behind an answer that come later than it may be read as the next one's: nobody can tell.
  const pieces = spoiled && script.after === 'keep' ? [bytes] : dice.onceIn(2) ? [bytes] : dice.cut(bytes, 4);
  return { method, script, pieces, spoiled, meant, times: 0 };
}

function spoil(dice: Dice, bytes: string): string {
  if (dice.onceIn(5)) return `${bytes}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`;
  return dice.onceIn(6) ? bytes.slice(0, dice.below(bytes.length)) : mutated(dice, bytes);
}

/** White space behind `chunked` is none of it (RFC 9110 §5.5), but llhttp would read such a body up to the connection's end. */
const SPACED_CHUNKED = /(\ntransfer-encoding:[ \t]*chunked)[ \t]+(?=\r\n)/gi;
/** The heads of interim answers and that of the final one. */
const HEADS = /^(?:HTTP\/1\.\d 1[^]*?\r\n\r\n)*[^]*?\r\n\r\n/;

function finalOf(bytes: string, method: string, ends: boolean): Read | undefined {
  const read = bytes.replace(HEADS, (heads) => heads.replace(SPACED_CHUNKED, '$1'));
  const final = readAnswers(read, method, ends).messages.find(({ status }) => status >= 200);
  return final?.complete === true ? final : undefined;
}

function requestOf(method: string, i: number): string {
  const body = method === 'POST' || method === 'PUT' ? text(new Dice(i, 1), 'abc', 9) : '';
  const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
  return `${method} /${i} HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nX-Nth: ${i}\r\n${length}\r\n${body}`;
}

function play(socket: Socket, turn: Turn, nth: number): void {
  const { pieces, script } = turn;
  if (nth < pieces.length - 1) {
    socket.write(pieces[nth] as string, 'latin1');
    setImmediate(play, socket, turn, nth + 1);
  } else if (script.after === 'end') socket.end(pieces[nth] ?? '', 'latin1');
  else socket.write(pieces[nth] ?? '', 'latin1');
}

function story(turns: readonly Turn[]): string {
  return turns
    .map(
      ({ method, script, spoiled }) => `\n  ${spoiled ? 'spoiled' : 'valid'} for ${method}: ${JSON.stringify(script)}`,
    )
    .join('');
}
