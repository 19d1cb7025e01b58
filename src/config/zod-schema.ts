import { z } from 'zod';
import { type Fault, type Kind, mustBe } from './kind.ts';
import type { Path } from './problem.ts';
import { didYouMean } from './suggest.ts';

/**
 * zod walks mappings and lists, finds unknown and missing keys, and writes the JSON Schema; what a single value means is
 * a `Kind`. A key is optional unless `needed`. Defaults are not filled in while reading, because a block may be given
 * twice, for all services and for one: `complete` lays the layers over the defaults, key by key.
 */
export type Node<T> = z.ZodType<T>;

/** A key of a block. `fallback` is the default as it is written in the file; undefined when there is none. */
export type Key<T> = { readonly schema: z.ZodType; readonly fallback: Readonly<{ value: T }> | undefined };
export type Shape = Readonly<Record<string, Key<unknown>>>;
export type Values<S extends Shape> = { readonly [K in keyof S]: S[K] extends Key<infer T> ? T : never };

export type Block<S extends Shape> = { readonly shape: S; readonly schema: Node<Partial<Values<S>>> };

const EXPECTED = 'a mapping of settings, one "key: value" a line';

/** A key with a default, written as in the file. */
export function key<T>(kind: Kind<T>, written: unknown, doc: string): Key<T> {
  const read = kind.read(written);
  if (!read.ok) throw new TypeError(`the default ${String(written)} ${read.faults[0]?.message}`);
  return { schema: scalar(kind, doc, written).optional(), fallback: { value: read.value } };
}

/** A key that may be left out and has no default. */
export function optional<T>(kind: Kind<T>, doc: string): Key<T | undefined> {
  return { schema: scalar(kind, doc, undefined).optional(), fallback: undefined };
}

/** A key that must be there. */
export function needed<T>(kind: Kind<T>, doc: string): Key<T> {
  return { schema: scalar(kind, doc, undefined), fallback: undefined };
}

/** A key that holds a block, a list or a mapping of them, and may be left out. */
export function under<T>(schema: Node<T>, doc?: string): Key<T | undefined> {
  return { schema: (doc === undefined ? schema : schema.describe(doc)).optional(), fallback: undefined };
}

/** Like `under`, for one that must be there. */
export function neededUnder<T>(schema: Node<T>): Key<T> {
  return { schema, fallback: undefined };
}

/** A mapping with known keys; all others are faults. */
export function block<const S extends Shape>(doc: string, shape: S): Block<S> {
  const schemas = Object.fromEntries(Object.entries(shape).map(([name, { schema }]) => [name, schema]));
  const schema = z.strictObject(schemas, { error: (issue) => typeMessage(issue, EXPECTED) }).describe(doc);
  return { shape, schema: schema as unknown as Node<Partial<Values<S>>> };
}

/** A mapping from names that the user chooses to blocks. */
export function mapOf<T>(name: Kind<string>, item: Node<T>, doc: string): Node<Readonly<Record<string, T>>> {
  const named = z.string().check((context) => {
    const read = name.read(context.value);
    if (!read.ok)
      context.issues.push({ code: 'custom', message: `is no name: it ${read.faults[0]?.message}`, input: '' });
  });
  const expected = `a mapping of names, each ${name.expected}, to settings`;
  return z.record(named.meta(name.json), item, { error: (issue) => typeMessage(issue, expected) }).describe(doc);
}

/** A mapping from names that the user chooses to values of one kind. */
export function mapOfValues<T>(name: Kind<string>, value: Kind<T>, doc: string): Node<Readonly<Record<string, T>>> {
  return mapOf(name, scalar(value, '', undefined), doc);
}

/** A list of blocks, at least one. */
export function listOfBlocks<T>(item: Node<T>, expected: string, doc: string): Node<readonly T[]> {
  const error = (issue: Issue) => typeMessage(issue, expected);
  return z
    .array(item, { error })
    .min(1, { error: () => `is an empty list; it must be ${expected}` })
    .describe(doc);
}

/** A block, or a list of such blocks; read as a list. */
export function oneOrListOf<T>(item: Node<T>, expected: string, doc: string): Node<readonly T[]> {
  const one = item.transform((value): readonly T[] => [value]);
  return z.union([one, listOfBlocks(item, expected, doc)]).describe(doc);
}

/** The value as the blocks read it, or every fault. */
export function readWith<T>(
  schema: Node<T>,
  value: unknown,
): { readonly value: T } | { readonly faults: readonly Fault[] } {
  const result = schema.safeParse(value);
  return result.success
    ? { value: result.data }
    : { faults: result.error.issues.flatMap((issue) => toFaults(schema, issue)) };
}

/** The defaults of a block overlaid with each layer in turn, key by key. Needed keys must be in one of the layers. */
export function complete<S extends Shape>(
  of: Block<S>,
  ...layers: readonly (Partial<Values<S>> | undefined)[]
): Values<S> {
  const result: Record<string, unknown> = {};
  for (const [name, { fallback }] of Object.entries(of.shape)) {
    const given = layers.map((layer) => layer?.[name]).findLast((value) => value !== undefined);
    result[name] = given ?? fallback?.value;
  }
  return result as Values<S>;
}

/** JSON Schema of what may stand in the file, in draft 7, which is what editors know best. */
export function toJsonSchema(schema: Node<unknown>): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-07',
    override({ zodSchema, jsonSchema }) {
      // zod drops `default` from a schema that transforms; ours is written as in the file, so it belongs there.
      const written = DEFAULTS.get(zodSchema);
      if (written !== undefined) jsonSchema.default = written as never;
    },
  });
}

/** The default of a scalar's schema, as it is written in the file. */
const DEFAULTS = new WeakMap<object, unknown>();

/** Unknown keys of one block that get advice; a file of another program may have a hundred thousand of them. */
const ADVISED_MAX = 100;

type Issue = { readonly code?: string | undefined; readonly input?: unknown };

function scalar<T>(kind: Kind<T>, doc: string, written: unknown): Node<T> {
  const schema = z
    .unknown()
    .transform((value, context) => {
      const read: ReturnType<Kind<T>['read']> =
        value === undefined || value === null ? fault(mustBe(kind.expected, value)) : kind.read(value);
      if (read.ok) return read.value;
      for (const { path, message } of read.faults) {
        context.issues.push({ code: 'custom', message, path: [...path], input: value });
      }
      return z.NEVER;
    })
    .meta({ description: doc, ...orVariable(kind.json) });
  DEFAULTS.set(schema, written);
  return schema;
}

function fault(message: string): { readonly ok: false; readonly faults: readonly Fault[] } {
  return { ok: false, faults: [{ path: [], message }] };
}

/** Where the file says `"${PORT}"`, an editor must not complain that this is no number. */
function orVariable(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const anyText = json['type'] === 'string' && json['pattern'] === undefined && json['enum'] === undefined;
  return anyText ? { ...json } : { anyOf: [json, { type: 'string', pattern: '\\$\\{' }] };
}

function typeMessage(issue: Issue, expected: string): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  // Where a block is wanted, people write the URL that belongs into it; its password must not be shown for that.
  const url = typeof issue.input === 'string' && issue.input.includes('://');
  return url ? `must be ${expected}; it is a URL (not shown)` : mustBe(expected, issue.input);
}

function toFaults(schema: z.ZodType, issue: z.core.$ZodIssue): readonly Fault[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = blockAt(schema, path);
    return issue.keys.map((name, index) => {
      const message = index < ADVISED_MAX ? unknownKey(name, known) : 'is no key of this block';
      return { path: [...path, name], message, part: 'key' as const };
    });
  }
  if (issue.code === 'invalid_union') {
    return meantBy(issue.errors).flatMap((one) => toFaults(schema, { ...one, path: [...issue.path, ...one.path] }));
  }
  if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message, part: 'key' }];
  return [{ path, message: issue.message }];
}

/** What is wrong with the form that was meant: the first that is of the right type as a whole. */
function meantBy(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const meant = forms.find((issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0));
  return meant ?? forms[0] ?? [];
}

function unknownKey(name: string, block: Readonly<Record<string, unknown>>): string {
  if (name === '<<') return 'is a merge key, which YAML 1.2 does not have; write the settings out';
  const known = Object.keys(block);
  const home = known.find((child) => Object.hasOwn(shapeOf(block[child]), name));
  if (home !== undefined) return `is no key of this block; it belongs into ${home}`;
  const guess = didYouMean(name, known);
  return `is no key of this block${guess === '' ? `; its keys are ${known.join(', ')}` : guess}`;
}

/** The keys of the block at a path, with their schemas. */
function blockAt(schema: z.ZodType, path: Path): Readonly<Record<string, unknown>> {
  let at: unknown = schema;
  for (const step of path) {
    const here = formAt(unwrapped(at), step);
    if (here instanceof z.ZodObject) at = here.shape[step];
    else if (here instanceof z.ZodRecord) at = here.valueType;
    else if (here instanceof z.ZodArray) at = here.element;
  }
  return shapeOf(at);
}

/** The form of a value that may be a block or a list of them, by the step that leads into it. */
function formAt(schema: unknown, step: string | number): unknown {
  if (!(schema instanceof z.ZodUnion)) return schema;
  return schema.options.map(unwrapped).find((form) => form instanceof z.ZodArray === (typeof step === 'number'));
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> {
  const block = formAt(unwrapped(schema), '');
  return block instanceof z.ZodObject ? block.shape : {};
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap());
  return schema instanceof z.ZodPipe ? schema.in : schema;
}
