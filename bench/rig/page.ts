import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The machine and the day that figures are from. */
export function provenance(): string {
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, ${process.platform}`;
}

/** Puts a text into bench/README.md between the markers of a measurement, for example `edge`. */
export function writeIntoReadme(measurement: string, text: string): void {
  const file = new URL('../README.md', import.meta.url);
  writeFileSync(file, between(readFileSync(file, 'utf8'), measurement, text));
}

/** The page with another text between the two markers of a measurement. Throws where it does not have them. */
export function between(page: string, measurement: string, text: string): string {
  const [begin, end] = [`<!-- bench:${measurement} begin -->`, `<!-- bench:${measurement} end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the page has no ${begin} … ${end}: put both where the figures belong`);
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}
