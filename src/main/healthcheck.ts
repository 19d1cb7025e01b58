import { EXIT, parsed } from './usage.ts';

const TIMEOUT_MS = 2000;

/** Asks a running edge whether it is ready; for the container's HEALTHCHECK. */
export async function healthcheck(args: string[]): Promise<number> {
  const { values } = parsed({
    args,
    options: { url: { type: 'string', default: 'http://127.0.0.1:9901/readyz' } },
  });
  try {
    const answer = await fetch(values.url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    process.stdout.write(await answer.text());
    return answer.ok ? EXIT.fine : EXIT.failed;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    throw new Error(`${values.url} does not answer (${cause?.code ?? (error as Error).message})`, { cause: error });
  }
}
