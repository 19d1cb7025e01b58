/**
 * Blanks comments and the insides of strings, templates and regular expressions, so that a search in what is left
 * finds code only. Quotes, line breaks and every offset stay. It knows as much of the grammar as that takes: whether a
 * slash divides or opens a regular expression is told from what stands before it.
 */
export function blankOut(text: string): string {
  const page: Page = { text, out: text.split('') };
  scanCode(page, 0, '');
  return page.out.join('');
}

type Page = { readonly text: string; readonly out: string[] };

/** Scans code from `at` to behind the `until` that no brace in between has opened, or to the end. */
function scanCode(page: Page, from: number, until: '}' | ''): number {
  const { text } = page;
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === until && depth === 0) return at + 1;
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    at = scanToken(page, at);
  }
  return at;
}

/** Scans one comment, literal or plain character at `at`; returns where the next one starts. */
function scanToken(page: Page, at: number): number {
  const { text } = page;
  const char = text.charAt(at);
  if (text.startsWith('//', at) || (at === 0 && text.startsWith('#!'))) return blank(page, at, endOf(text, '\n', at));
  if (text.startsWith('/*', at)) return blank(page, at, endOf(text, '*/', at + 2) + 2);
  if (char === "'" || char === '"') return scanQuoted(page, at, char);
  if (char === '`') return scanTemplate(page, at);
  if (char === '/' && opensRegExp(page.out, at)) return scanRegExp(page, at);
  return at + 1;
}

function scanQuoted(page: Page, at: number, quote: string): number {
  let end = at + 1;
  while (end < page.text.length && page.text.charAt(end) !== quote && page.text.charAt(end) !== '\n') {
    end += page.text.charAt(end) === '\\' ? 2 : 1;
  }
  return blank(page, at + 1, end) + 1;
}

function scanTemplate(page: Page, at: number): number {
  const { text } = page;
  let start = at + 1;
  let end = start;
  while (end < text.length && text.charAt(end) !== '`') {
    if (text.startsWith('${', end)) {
      blank(page, start, end);
      start = scanCode(page, end + 2, '}');
      end = start;
    } else {
      end += text.charAt(end) === '\\' ? 2 : 1;
    }
  }
  return blank(page, start, end) + 1;
}

function scanRegExp(page: Page, at: number): number {
  const { text } = page;
  let inClass = false;
  let end = at + 1;
  while (end < text.length && text.charAt(end) !== '\n' && (inClass || text.charAt(end) !== '/')) {
    const char = text.charAt(end);
    if (char === '[') inClass = true;
    if (char === ']') inClass = false;
    end += char === '\\' ? 2 : 1;
  }
  return blank(page, at + 1, end) + 1;
}

const BEFORE_REG_EXP = /(?:^|[(,=:[!&|?{};+\-*%<>~^}]|\b(?:return|typeof|case|in|of|void|await|yield|throw|else|do))$/;

function opensRegExp(out: readonly string[], at: number): boolean {
  return BEFORE_REG_EXP.test(
    out
      .slice(Math.max(0, at - 200), at)
      .join('')
      .trimEnd(),
  );
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

/** Blanks the span and returns its end. */
function blank(page: Page, from: number, to: number): number {
  for (let at = from; at < Math.min(to, page.out.length); at += 1) {
    if (page.out[at] !== '\n') page.out[at] = ' ';
  }
  return to;
}
