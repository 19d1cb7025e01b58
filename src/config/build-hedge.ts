import type { Document } from './schema.ts';
import { HEDGE } from './schema-hedge.ts';
import type { HedgePolicy } from './topology-hedge.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<NonNullable<Document['services']>[string]['hedge']>;

/** When requests of a service are hedged; undefined: never. */
export function buildHedge(given: Given | undefined): HedgePolicy | undefined {
  if (given === undefined) return undefined;
  const { after, methods } = complete(HEDGE, given);
  return { after: typeof after === 'number' ? after : { quantile: Number(after.slice(1)) / 100 }, methods };
}
