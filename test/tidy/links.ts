import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Links of a page that lead to no file below `root`, or to no heading of the page that they name; those to other sites are left out. */
export function deadLinks(root: string, page: string): readonly string[] {
  const text = withoutCode(readFileSync(join(root, page), 'utf8'));
  const links = [...text.matchAll(/\]\(([^()\s]+)\)/g), ...text.matchAll(/\bsrc="([^"]+)"/g)].map(([, to = '']) => to);
  return links.filter((to) => !/^[a-z]+:/.test(to)).filter((to) => !isAlive(root, page, to));
}

function isAlive(root: string, page: string, to: string): boolean {
  const [path = '', anchor] = to.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (file.startsWith('..') || !existsSync(join(root, file))) return false;
  if (anchor === undefined) return true;
  return statSync(join(root, file)).isFile() && anchorsOf(readFileSync(join(root, file), 'utf8')).has(anchor);
}

/** As forges make them of headings: lower case, no punctuation, hyphens for spaces, and a number behind one that was there before. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#{1,6} +(.+)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    let count = 0;
    while (anchors.has(count === 0 ? anchor : `${anchor}-${count}`)) count += 1;
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}

function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
}

function withoutFences(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}
