import type { MadeText } from './environment.ts';
import { type Fault, shown } from './kind.ts';

const HIDDEN = '(not shown)';

/** A shorter text may be a word of the message itself, and is too short to keep a secret. */
const UNQUOTED_MIN = 6;

/**
 * The message of a fault without what `${file:…}` read: at the value itself nothing of what it is, elsewhere the text taken
 * out wherever it stands. `made` is by `JSON.stringify(path)`.
 */
export function withoutSecrets({ path, message }: Fault, made: ReadonlyMap<string, MadeText>): string {
  const here = made.get(JSON.stringify(path));
  if (here?.secret === true && message.startsWith('cannot read')) return message;
  if (here?.secret === true) {
    const expected = message.startsWith('must be') ? message.split('; it is ')[0] : 'is not right here';
    return `${expected}; what its file holds is not shown`;
  }
  let safe = message;
  for (const { secret, text } of made.values()) {
    if (!secret || text === '') continue;
    safe = safe.replaceAll(shown(text), HIDDEN);
    if (text.length >= UNQUOTED_MIN) safe = safe.replaceAll(text, HIDDEN);
  }
  return safe;
}
