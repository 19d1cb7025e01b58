import { countryCode } from './country-code.ts';
import { hostPattern } from './host-name.ts';
import { cidr } from './ipaddr.ts';
import { type Kind, mustBe, right, shown, wrong } from './kind.ts';
import { isMapping } from './raw.ts';
import { either, flag, listOf, matching } from './scalars.ts';
import type { CertificateTest, TextTest } from './topology-match.ts';
import { block, key, mapOfValues, oneOrMany, optional, under } from './zod-schema.ts';

const PATHS_MAX = 64;

const PATH = matching('a path that begins with "/", without spaces, "?" and "#"', /^\/[^\s?#]{0,2047}$/);
const METHOD = matching('a method in capital letters, such as GET', /^[A-Z][A-Z-]{0,31}$/);
const FIELD = matching('the name of a header field', /^[!#$%&'*+.^_`|~A-Za-z0-9-]{1,128}$/);
const PARAMETER = matching('the name of a parameter', /^[^\s&=#]{1,128}$/);

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
    const [[name = '', said] = [], ...more] = isMapping(value) ? Object.entries(value) : [];
    if (more.length > 0 || name === '') return wrong(mustBe(TEST_EXPECTED, value));
    if (name === 'present' && typeof said === 'boolean') return right(said ? { is: 'present' } : { is: 'absent' });
    if (name === 'prefix' && typeof said === 'string' && said !== '') return right({ is: 'prefix', text: said });
    if (name === 'exact' && typeof said === 'string') return right({ is: 'exact', text: said });
    return wrong(`must be ${TEST_EXPECTED}; it is { ${name}: ${shown(said)} }`);
  },
};

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
  countries: optional(listOf(countryCode, 1, 256), 'Countries of clients; one that cannot be located is in none.'),
  cidrs: optional(listOf(cidr, 1, 1000), 'Networks of clients, by the address that trusted proxies say.'),
  client_certificate: optional(certificateTest, 'Whether a trusted certificate was shown, or which one.'),
});

/** One rule or several, any of which may hold. */
export const MATCH = oneOrMany(
  MATCH_RULE.schema,
  64,
  'Which requests are for this service: one rule or a list; left out, every one.',
);
