import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchema } from '../../../src/config/json-schema.ts';

type Node = { readonly [key: string]: unknown };

test('the committed copy is this one; `npm run schema` renews it', () => {
  const committed = readFileSync(new URL('../../../config/meridian.schema.json', import.meta.url), 'utf8');
  expect(committed).toBe(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
});

test('every mapping of known keys admits no others, and every key has a description', () => {
  let keys = 0;
  const walk = (node: Node, path: string): void => {
    const properties = (node['properties'] ?? {}) as Readonly<Record<string, Node>>;
    if (node['properties'] !== undefined) expect(node['additionalProperties'], path).toBe(false);
    for (const [name, inner] of Object.entries(properties)) {
      keys += 1;
      expect(inner['description'], `${path}.${name}`).toMatch(/^\S.*\.$/s);
      walk(inner, `${path}.${name}`);
    }
    const forms = (node['anyOf'] ?? []) as readonly Node[];
    for (const form of forms) if (form['description'] !== undefined) walk(form, path);
    for (const name of ['items', 'additionalProperties']) {
      const inner = node[name];
      if (typeof inner === 'object' && inner !== null) walk(inner as Node, `${path}.${name}`);
    }
  };
  walk(jsonSchema(), '');
  expect(keys).toBeGreaterThan(100);
});

test('defaults, words and needed keys are in it', () => {
  expect(jsonSchema()).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    required: ['version', 'services'],
    properties: {
      edge: { properties: { listen: { default: '0.0.0.0:8080' }, trust_proxies: { default: [] } } },
      routing: { properties: { select: { default: 'best', anyOf: [{ enum: ['best', 'weighted', 'optimal'] }, {}] } } },
      services: {
        additionalProperties: { properties: { endpoints: { items: { required: ['cloud', 'region', 'url'] } } } },
      },
    },
  });
});

const PAGE = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const ROWS = new Map(
  [...PAGE.matchAll(/^\| `([^`]+)` \| (.+) \| (.+) \| (.+) \|$/gm)].map(([, path = '', type = '', written = '']) => [
    path,
    { type, written },
  ]),
);

type Key = readonly [path: string, written: unknown, ranges: readonly string[]];

/** The ranges of a number, as a page says them; shares have a word of their own. */
function rangesOf(node: Node): readonly string[] {
  return [node, ...((node['anyOf'] ?? []) as readonly Node[])].flatMap(({ minimum: min, maximum: max }) =>
    typeof min !== 'number' || typeof max !== 'number' || (min === 0 && max === 1) ? [] : [`${min} to ${max}`],
  );
}

/** Every key, by the path that the page gives it, with its default as it is written in a file. */
function keysOf(node: Node, path: string): readonly Key[] {
  const properties = Object.entries((node['properties'] ?? {}) as Readonly<Record<string, Node>>);
  const here = properties.flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    // A block that a service, a backend or a listener repeats is described once.
    const again =
      /^services\.NAME\.(?:routing|health|breakers|retries|timeouts|slo)$|^backends\.NAME\.(?:endpoints|tls|health|breakers)$|^edge\.listeners\[\]\.tls$/.test(
        at,
      );
    return [[at, inner['default'], rangesOf(inner)] as const, ...(again ? [] : keysOf(inner, at))];
  });
  const named = node['additionalProperties'];
  const items = node['items'];
  // A block that may be a list of them too has its keys once.
  const forms = (node['anyOf'] ?? []) as readonly Node[];
  return [
    ...here,
    ...forms.filter((form) => form['properties'] !== undefined).flatMap((form) => keysOf(form, path)),
    ...(typeof named === 'object' && named !== null ? keysOf(named as Node, `${path}.NAME`) : []),
    ...(typeof items === 'object' && items !== null ? keysOf(items as Node, `${path}[]`) : []),
  ];
}

const KEYS = keysOf(jsonSchema(), '');

test('every key of the schema has a row in docs/configuration.md', () => {
  expect(KEYS.length).toBeGreaterThan(80);
  expect(KEYS.map(([path]) => path).filter((path) => !ROWS.has(path))).toEqual([]);
});

test('docs/configuration.md has no row for a key that is not there', () => {
  const known = new Set(KEYS.map(([path]) => path));
  const tables = [...ROWS.keys()].filter((path) => /^[a-z]+[.[]/.test(path));
  expect(tables.length).toBeGreaterThan(70);
  expect(tables.filter((path) => !known.has(path))).toEqual([]);
});

test.each(KEYS.filter(([, written]) => written !== undefined && written !== ''))(
  'the page has the default of %s',
  (path, written) => {
    const shown = Array.isArray(written) ? `[${written.join(', ')}]` : String(written);
    expect(ROWS.get(path)?.written).toContain(`\`${shown}\``);
  },
);

test.each(KEYS.filter(([, , ranges]) => ranges.length > 0))('the page has the range of %s', (path, _, ranges) => {
  const type = ROWS.get(path)?.type.replaceAll(/(?<=\d),(?=\d{3})/g, '');
  for (const range of ranges) expect(type).toContain(range);
});
