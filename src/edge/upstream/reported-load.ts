import { withoutLoads } from '../request/load-reports.ts';
import type { Upstream } from './upstream.ts';

/** Tells what the lines of a head say of the load of their endpoint, and what the trailers do, from which it is taken out: it is for this edge. */
export function tellLoad(tell: (lines: string) => void, upstream: Pick<Upstream, 'trailers'>, head: string): void {
  if (head !== '') tell(head);
  const { trailers } = upstream;
  if (trailers === '') return;
  tell(trailers);
  upstream.trailers = withoutLoads(trailers);
}
