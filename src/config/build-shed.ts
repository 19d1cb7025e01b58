import type { Document } from './schema.ts';
import { SHED } from './schema-shed.ts';
import type { ShedPolicy } from './topology-shed.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<NonNullable<Document['services']>[string]['shed']>;

/** Who is turned away first; undefined: nobody is. */
export function buildShed(given: Given | undefined): ShedPolicy | undefined {
  if (given === undefined) return undefined;
  const { order, from, lag } = complete(SHED, given);
  return { order, from, lagMaxMs: lag };
}
