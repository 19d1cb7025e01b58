import type { Normal } from '../support/wire/normal.ts';
import { FRONTS, type Front, WIRE } from './engines.ts';
import type { Observation } from './stage.ts';

/** Two fronts on which the same scenario has to come to the same, as far as `normal` looks. */
type Comparison = {
  readonly title: string;
  readonly one: Front;
  readonly other: Front;
  readonly normal: (seen: Observation) => unknown;
};

const twin = (front: Front): Front | undefined =>
  FRONTS.find(({ engine, client, origin }) => engine === 'off' && client === front.client && origin === front.origin);

/** The engines over the same protocols, to the byte; and the protocols over the same engine, as far as they can say the same. */
export const COMPARED: readonly Comparison[] = FRONTS.filter(({ engine }) => engine === 'on').flatMap((front) => {
  const general = twin(front);
  const engines =
    general === undefined
      ? []
      : [{ title: `both engines${said(front)}`, one: front, other: general, normal: (seen: Observation) => seen }];
  const protocols =
    front === WIRE ? [] : [{ title: `both protocols${said(front)}`, one: WIRE, other: front, normal: acrossProtocols }];
  return [...engines, ...protocols];
});

function said({ client, origin }: Front): string {
  if (client === 'HTTP/1.1') return origin === 'HTTP/1.1' ? '' : ', origins of HTTP/2';
  return origin === 'HTTP/1.1' ? ', clients of HTTP/2' : ', HTTP/2 on both sides';
}

/** Without what only HTTP/1.1 says: of its connections, of framing, and its own name. */
function acrossProtocols({ origins, clients, records, cells }: Observation): unknown {
  return {
    origins: origins.map((requests) => requests.map(plain)),
    clients: clients.map(({ answers, rest }) => ({ answers: answers.map(plain), rest })),
    records,
    cells,
  };
}

function plain({ start, headers, body, trailers }: Normal): unknown {
  const kept = headers
    .filter((line) => !/^(?:connection|keep-alive|te|transfer-encoding|content-length: 0)(?::|$)/i.test(line))
    .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
    .map((line) => (line.startsWith('via:') ? line.replace(/\b(?:1\.1|2\.0) meridian/, '(own) meridian') : line));
  // HTTP/2 has no reasons.
  return {
    start: start.slice(0, start.startsWith('HTTP/') ? 12 : undefined),
    headers: kept,
    body,
    trailers: trailers.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text)),
  };
}
