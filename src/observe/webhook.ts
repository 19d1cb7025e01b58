import { createHash, createHmac } from 'node:crypto';
import type { AlertChange } from './alert.ts';
import type { Delivery } from './alert-courier.ts';
import { isoOf } from './iso-time.ts';

/** One POST of JSON to a sink. */
export type Post = {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Statuses of the 4xx that may be another one next time. */
const TRY_AGAIN: readonly number[] = [408, 425, 429];
/** What a sink answers with is shown up to this length. */
const ANSWER_CHARS_MAX = 200;

/** Posts and judges the answer. Redirects are not followed: a sink is where the file says it is. Never rejects. */
export async function post({ url, body, headers }: Post, timeoutMs: number, signal: AbortSignal): Promise<Delivery> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'meridian', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (answer.ok) {
      await answer.body?.cancel();
      return { ok: true };
    }
    const said = await firstChars(answer);
    const final = answer.status < 500 && !TRY_AGAIN.includes(answer.status);
    const error = `answered ${answer.status}${said === '' ? '' : `: ${said}`}`;
    return { ok: false, final, error, retryAfterMs: secondsOf(answer.headers.get('retry-after')) * 1000 };
  } catch (error) {
    return { ok: false, final: false, error: reasonOf(error as Error, timeoutMs) };
  }
}

/** The generic webhook: all changes of one look, signed as Standard Webhooks says when there is a secret. */
export function webhookPost(
  sink: { readonly url: string; readonly secret: string },
  changes: readonly AlertChange[],
  at: { readonly edge: string; readonly wallMs: number },
): Post {
  const body = JSON.stringify({ version: 1, edge: at.edge, alerts: changes.map((change) => alertJson(change)) });
  // The same message has the same id however often it is sent, also after a restart, so that it can be told apart.
  const id = `msg_${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
  const timestamp = String(Math.floor(at.wallMs / 1000));
  const signature =
    sink.secret === '' ? {} : { 'webhook-signature': webhookSignature(sink.secret, `${id}.${timestamp}.${body}`) };
  return { url: sink.url, body, headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, ...signature } };
}

function alertJson({ status, finding, startsAtMs, endsAtMs }: AlertChange) {
  return {
    status,
    alert: finding.name,
    key: finding.key,
    severity: finding.severity,
    summary: finding.summary,
    labels: finding.labels,
    starts_at: isoOf(startsAtMs),
    ends_at: endsAtMs === undefined ? null : isoOf(endsAtMs),
  };
}

/** Version 1 of the signature of `id.timestamp.body`: HMAC-SHA256, in base64. A key after `whsec_` is itself base64. */
export function webhookSignature(secret: string, content: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

/** The beginning of what was answered; a body that goes on is not read to its end. */
async function firstChars(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const chunk = await reader?.read();
  await reader?.cancel();
  const bytes = chunk?.value as Uint8Array | undefined;
  const text = new TextDecoder().decode(bytes).replaceAll(/\s+/g, ' ');
  return text.trim().slice(0, ANSWER_CHARS_MAX);
}

function secondsOf(retryAfter: string | null): number {
  return /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
}

/** Without the URL, whose path may be a secret. */
function reasonOf(error: Error & { readonly cause?: unknown }, timeoutMs: number): string {
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.name;
}
