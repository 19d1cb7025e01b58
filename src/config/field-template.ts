import { type Kind, mustBe, right, wrong } from './kind.ts';
import { didYouMean } from './suggest.ts';
import { type FieldTemplate, MESSAGE_VALUES, type MessageValue } from './topology-rules.ts';

const EXPECTED = 'the text of a header field on one line, with values such as ${client.address}';
/** Longer ones fill the heads that others limit. */
const CHARS_MAX = 4096;

/** The value of a header field in a rule. What would end the field, or what no reader is sure of, is refused here and cannot be made later. */
export const fieldTemplate: Kind<FieldTemplate> = {
  expected: EXPECTED,
  json: { type: 'string', minLength: 1 },
  read(value) {
    if (typeof value === 'number' || typeof value === 'boolean')
      return wrong(`${mustBe(EXPECTED, value)}; put it in quotes`);
    if (typeof value !== 'string' || value === '') return wrong(mustBe(EXPECTED, value));
    if (value.length > CHARS_MAX) return wrong(`must be at most ${CHARS_MAX} characters long`);
    if (/[\r\n]/.test(value)) {
      return wrong(
        'has a line end, which would begin another header field; write it on one line (a block text with ">-" has none)',
      );
    }
    if (!/^[\t\x20-\x7e]+$/.test(value))
      return wrong('has characters that are not ASCII, which servers read differently; encode them');
    if (/^[\t ]|[\t ]$/.test(value))
      return wrong('has white space before or behind it, which is no part of a value; remove it');
    return templateOf(value);
  },
};

/** What stands for a value that is put in for each message. */
export function isMessageValue(name: string): name is MessageValue {
  return (MESSAGE_VALUES as readonly string[]).includes(name);
}

function templateOf(text: string): ReturnType<Kind<FieldTemplate>['read']> {
  const parts: (string | { readonly of: MessageValue })[] = [];
  let at = 0;
  for (const { 0: whole, 1: name = '', index } of text.matchAll(/\$\{([^}]*)\}/g)) {
    if (!isMessageValue(name)) return wrong(unknownValue(name));
    if (index > at) parts.push(text.slice(at, index));
    parts.push({ of: name });
    at = index + whole.length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return right(parts);
}

/** What is said of a name that is none of these. */
export function unknownValue(name: string): string {
  const guess = didYouMean(name, MESSAGE_VALUES);
  const known = MESSAGE_VALUES.map((value) => `\${${value}}`).join(', ');
  return `names \${${name}}, which no message has${guess === '' ? `; there are ${known}` : guess}`;
}
