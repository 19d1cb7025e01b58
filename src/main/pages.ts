import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the pages of docs/ came along with this program; undefined where they did not, as in the image of a container. */
export function pagesFile(): string | undefined {
  const file = fileURLToPath(new URL('../../docs/README.md', import.meta.url));
  return existsSync(file) ? file : undefined;
}
