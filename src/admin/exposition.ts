import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AdminPorts } from './ports.ts';
import type { AdminReply } from './reply.ts';
import type { Asked } from './request.ts';

/** A smaller answer is not worth being packed. */
const PACKED_FROM_BYTES = 1024;

const packed = promisify(gzip);

/** The answer of `/metrics`, in the format that the scraper likes best of those that there are, and packed if it takes that. */
export async function metricsReply(
  { accept = '', acceptEncoding = '' }: Asked,
  metrics: AdminPorts['metrics'],
): Promise<AdminReply> {
  const exposition = await metrics(formatFor(accept));
  const { contentType, body } = exposition;
  const reply = { status: 200, contentType, body, headers: { vary: 'accept, accept-encoding' } };
  if (body.length < PACKED_FROM_BYTES || !takes(acceptEncoding, 'gzip')) return reply;
  return { ...reply, packed: await packedOnce(exposition), headers: { ...reply.headers, 'content-encoding': 'gzip' } };
}

/** Those who asked together have one exposition, and pack it once. */
const PACKED = new WeakMap<object, Promise<Buffer>>();

function packedOnce(exposition: { readonly body: string }): Promise<Buffer> {
  let bytes = PACKED.get(exposition);
  if (bytes === undefined) {
    // The fastest level: a scrape comes every few seconds, and most of what is in it repeats itself.
    bytes = packed(exposition.body, { level: 1 });
    PACKED.set(exposition, bytes);
  }
  return bytes;
}

/** OpenMetrics for whoever names it and does not like plain text better; the text format for everybody else. */
export function formatFor(accept: string): 'text' | 'openmetrics' {
  const open = Math.max(
    0,
    ...rangesIn(accept)
      .filter(isOpenMetrics1)
      .map(({ q }) => q),
  );
  const plain = Math.max(
    0,
    ...rangesIn(accept)
      .filter(({ name }) => name === 'text/plain')
      .map(({ q }) => q),
  );
  return open > 0 && open >= plain ? 'openmetrics' : 'text';
}

type Range = { readonly name: string; readonly parameters: ReadonlyMap<string, string>; readonly q: number };

function isOpenMetrics1({ name, parameters }: Range): boolean {
  return name === 'application/openmetrics-text' && (parameters.get('version') ?? '1.0.0') === '1.0.0';
}

function takes(acceptEncoding: string, coding: string): boolean {
  return rangesIn(acceptEncoding).some(({ name, q }) => name === coding && q > 0);
}

/** What a field such as `Accept` lists, with its weights (RFC 9110 §12.4.2). */
function rangesIn(field: string): readonly Range[] {
  return field.split(',').map((range) => {
    const [name = '', ...rest] = range.split(';').map((part) => part.trim().toLowerCase());
    const parameters = new Map(rest.map((parameter) => parameter.split('=', 2) as [string, string]));
    const q = Number(parameters.get('q') ?? '1');
    return { name, parameters, q: q >= 0 && q <= 1 ? q : 0 };
  });
}
