import { country } from './country-kind.ts';
import { flagKey } from './flag-key.ts';
import { hostPattern } from './host-name.ts';
import { networkAddress } from './ipaddr.ts';
import { type Kind, mustBe, right, shown, wrong } from './kind.ts';
import { isMapping } from './raw.ts';
import { either, flag, listOf, matching } from './scalars.ts';
import type { CertificateTest, TextTest } from './topology-match.ts';
import { block, key, mapOfValues, oneOrListOf, optional, under } from './zod-schema.ts';

const PATHS_MAX = 64;
/** Rules of one service. */
export const MATCH_RULES_MAX = 64;
/** Different flags that the rules of one file go by. */
export const MATCH_FLAGS_MAX = 256;

const PATH = matching('a path that begins with "/", without spaces, "?" and "#"', /^\/[^\s?#]{0,2047}$/);
const METHOD = matching('a method in capital letters, such as GET', /^[A-Z][A-Z-]{0,31}$/);
const FIELD = matching('the name of a header field', /^[!#$%&'*+.^_`|~A-Za-z0-9-]{1,128}$/);
const PARAMETER = matching('the name of a parameter', /^[^&=#]{1,128}$/);

const TEST_EXPECTED = 'a text that it must be, or one of { present: true }, { present: false } and { prefix: TEXT }';

/** What a header field or a parameter must be. */
const textTest: Kind<TextTest> = {
  expected: TEST_EXPECTED,
  json: {
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        properties: { present: { type: 'boolean' }, prefix: { type: 'string' }, exact: { type: 'string' } },
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
    ],
  },
  read(value) {
    if (typeof value === 'string') return right({ is: 'exact', text: value });
    if (typeof value === 'number' || typeof value === 'boolean')
      return wrong(`${mustBe(TEST_EXPECTED, value)}; put it in quotes`);
    const entries = isMapping(value) ? Object.entries(value) : [];
    const [first] = entries;
    if (first === undefined || entries.length > 1) return wrong(mustBe(TEST_EXPECTED, value));
    const [name, said] = first;
    const test = testOf(name, said);
    return test === undefined ? wrong(`must be ${TEST_EXPECTED}; it is { ${name}: ${shown(said)} }`) : right(test);
  },
};

function testOf(name: string, said: unknown): TextTest | undefined {
  if (name === 'present' && typeof said === 'boolean') return said ? { is: 'present' } : { is: 'absent' };
  if (typeof said !== 'string') return undefined;
  if (name === 'prefix') return said === '' ? undefined : { is: 'prefix', text: said };
  return name === 'exact' ? { is: 'exact', text: said } : undefined;
}

const FINGERPRINT: Kind<string> = {
  expected: 'the SHA-256 of a certificate in hexadecimal, with or without colons',
  json: { type: 'string', pattern: '^(?:[0-9A-Fa-f]{2}:?){32}$' },
  read(value) {
    const plain = typeof value === 'string' ? value.replaceAll(':', '').toLowerCase() : '';
    return /^[0-9a-f]{64}$/.test(plain)
      ? right(plain)
      : wrong(mustBe('the SHA-256 of a certificate in hexadecimal, with or without colons', value));
  },
};
const FINGERPRINTS = listOf(FINGERPRINT, 1, PATHS_MAX);

const CERTIFICATE_EXPECTED = 'true, false, or { subject: …, fingerprints: […] }';

/** What the client's certificate must be. */
const certificateTest: Kind<CertificateTest> = {
  expected: CERTIFICATE_EXPECTED,
  json: {
    anyOf: [
      { type: 'boolean' },
      {
        type: 'object',
        properties: { subject: textTest.json, fingerprints: FINGERPRINTS.json },
        additionalProperties: false,
        minProperties: 1,
      },
    ],
  },
  read(value) {
    const said = flag.read(value);
    if (said.ok) return right({ shown: said.value, subject: undefined, fingerprints: [] });
    if (!isMapping(value) || Object.keys(value).length === 0) return wrong(mustBe(CERTIFICATE_EXPECTED, value));
    const strange = Object.keys(value).find((name) => name !== 'subject' && name !== 'fingerprints');
    if (strange !== undefined)
      return wrong(`must be ${CERTIFICATE_EXPECTED}; it has the key ${JSON.stringify(strange)}`);
    const subject = value['subject'] === undefined ? right(undefined) : textTest.read(value['subject']);
    const fingerprints = value['fingerprints'] === undefined ? right([]) : FINGERPRINTS.read(value['fingerprints']);
    if (!subject.ok) return { ok: false, faults: below('subject', subject.faults) };
    if (!fingerprints.ok) return { ok: false, faults: below('fingerprints', fingerprints.faults) };
    return right({ shown: true, subject: subject.value, fingerprints: fingerprints.value });
  },
};

function below<F extends { readonly path: readonly (string | number)[] }>(
  name: string,
  faults: readonly F[],
): readonly F[] {
  return faults.map((fault) => ({ ...fault, path: [name, ...fault.path] }));
}

/** `services.NAME.match`, or one of them. */
export const MATCH_RULE = block('Which requests are for this service; all that is given must hold.', {
  hosts: key(
    listOf(hostPattern, 0, 256),
    [],
    'Hosts it answers to; *.example.com stands for one or more labels. Empty is every host.',
  ),
  prefix: optional(
    PATH,
    'Beginning of the path; among services of one host the longest wins. "/" when no path is said.',
  ),
  prefixes: optional(listOf(PATH, 1, PATHS_MAX), 'Several of them.'),
  path: optional(either(PATH, listOf(PATH, 1, PATHS_MAX)), 'The whole path, or several; goes before every prefix.'),
  methods: optional(listOf(METHOD, 1, 32), 'Methods.'),
  headers: under(mapOfValues(FIELD, textTest, 'Header fields by name, and what they must be.')),
  query: under(mapOfValues(PARAMETER, textTest, 'Parameters of the query by name, and what they must be.')),
  countries: optional(listOf(country, 1, 256), 'Countries of clients; one that cannot be located is in none.'),
  cidrs: optional(listOf(networkAddress, 1, 1000), 'Networks of clients, by the address that trusted proxies say.'),
  client_certificate: optional(certificateTest, 'Whether a trusted certificate was shown, or which one.'),
  flag: optional(
    flagKey,
    'A flag of the fleet, such as flags/beta-on: the rule holds only while it is on (true), and goes before those without.',
  ),
});

/** One rule or several, any of which may hold. */
export const MATCH = oneOrListOf(
  MATCH_RULE.schema,
  'a rule such as { hosts: [shop.example.com] }, or a list of them',
  `Which requests are for this service: one rule, or a list of at most ${MATCH_RULES_MAX}; left out, every one.`,
);
