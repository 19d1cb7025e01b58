import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ENDPOINTS_MAX, SERVICES_MAX } from '../../src/config/rules.ts';
import { AHEAD_BYTES_MAX } from '../../src/edge/client/ahead-bytes.ts';
import { LINGER_BYTES_MAX, LINGER_MS, LINGER_TOTAL_MS } from '../../src/edge/client/lingering.ts';
import { EXTENSION_BYTES_MAX, EXTENSIONS_BYTES_MAX, TRAILER_BYTES_MAX } from '../../src/edge/message/chunks.ts';
import { FIELDS_ROOM } from '../../src/edge/message/fields.ts';
import { REQUEST_HEAD_BYTES_MAX } from '../../src/edge/message/request-head.ts';
import { PLACES_MAX } from '../../src/edge/request/latency-rows.ts';
import { CLOSE_ANSWER_MS } from '../../src/edge/tunnel/limits.ts';
import { CLIENTS_MAX } from '../../src/edge/upstream/client-pools.ts';
import { IDLE_MAX, IDLE_MS, INTERIMS_MAX } from '../../src/edge/upstream/limits.ts';
import { HEAD_READS_MAX } from '../../src/edge/wire/client/head-reader.ts';
import { ADDRESSES_MAX } from '../../src/geo/locate.ts';
import { ANSWER_HEAD_BYTES_MAX } from '../../src/table/answer-limits.ts';
import { ROWS_MAX, WORKERS_MAX } from '../../src/table/endpoint-table.ts';
import { RING_BYTES } from '../../src/table/line-ring.ts';

/* Limits that users read about are those of the code: rows, threads and others had drifted apart. */
const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const number = (count: number) => count.toLocaleString('en-US');

test('the table of limits has the numbers of the code', () => {
  const text = page('operations.md');
  expect(text).toContain(`| ${SERVICES_MAX}; ${number(ENDPOINTS_MAX)} (${number(ROWS_MAX)} rows`);
  expect(text).toContain(`| client addresses whose place is remembered | ${number(ADDRESSES_MAX)} per edge thread |`);
  expect(page('metrics.md')).toContain(`endpoints in the file, at most ${number(ENDPOINTS_MAX)};`);
  expect(page('configuration.md')).toContain(`\`auto\`, or 1 to ${WORKERS_MAX}`);
});

const kib = (bytes: number) => `${bytes / 1024} KiB`;
const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`;

test.each([
  ['request head, response head', `${kib(REQUEST_HEAD_BYTES_MAX)}, ${kib(ANSWER_HEAD_BYTES_MAX)}`],
  ['fields of a head on the wire', `${FIELDS_ROOM}; a head with more, or in more than ${HEAD_READS_MAX} pieces,`],
  ['what a client sends ahead of its turn', kib(AHEAD_BYTES_MAX)],
  ['upgrade: bytes before the answer', kib(AHEAD_BYTES_MAX)],
  ['idle connections to an endpoint', `${number(IDLE_MAX)} per edge thread, ${IDLE_MS / 1000} s each`],
  ['interim answers before an answer', `${INTERIMS_MAX} |`],
  [
    'trailers; extensions of a chunk, of a body',
    `${kib(TRAILER_BYTES_MAX)}; ${EXTENSION_BYTES_MAX} bytes, ${kib(EXTENSIONS_BYTES_MAX)}`,
  ],
  [
    'after an answer that closes, a client is read on',
    `until it ends its half or is silent for ${LINGER_MS / 1000} s, for ${LINGER_TOTAL_MS / 1000} s and ${mib(LINGER_BYTES_MAX)} at most`,
  ],
  ['clients whose connections to an endpoint with `send_proxy` are kept', `${number(CLIENTS_MAX)} per edge thread`],
  ['WebSocket of an edge that goes down: time to end a frame and to answer the Close', `${CLOSE_ANSWER_MS / 1000} s |`],
  ['places whose distances are remembered', `${number(PLACES_MAX)} per service`],
  ['log lines waiting to be written', `16 MiB of the control thread's, ${mib(RING_BYTES)} of each edge thread's`],
])('the limit on %s is the one of the code', (what, limit) => {
  expect(page('operations.md')).toContain(`| ${what} | ${limit}`);
});

test('calls of the admin port are written with the token', () => {
  for (const name of ['operations.md', 'chaos.md', 'degraded.md', 'fleet.md', 'alerts.md']) {
    const calls = page(name).match(/^curl .*9901\/(?!livez|readyz|metrics).*$/gm) ?? [];
    for (const call of calls) expect(call).toMatch(/-H /);
  }
});
