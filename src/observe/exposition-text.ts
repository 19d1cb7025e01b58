import type { Family, Labels, Sample } from './family.ts';

export type ExpositionFormat = 'text' | 'openmetrics';

/** What scrapers are told that they get. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** A family with the samples that it has now. */
export type ReadFamily = Omit<Family, 'samples'> & { readonly values: readonly Sample[] };

/**
 * The exposition of these families, in the text format of Prometheus or in OpenMetrics 1.0
 * (https://prometheus.io/docs/instrumenting/exposition_formats). Thousands of lines are written at each scrape of a large edge, beside the
 * loops that keep its endpoints known, so a line costs a few appended strings and no list.
 */
export function expositionText(format: ExpositionFormat, families: readonly ReadFamily[]): string {
  const open = format === 'openmetrics';
  let text = '';
  for (const family of families) text += familyText(family, open);
  return open ? `${text}# EOF\n` : text;
}

function familyText({ name, help, type, values }: ReadFamily, open: boolean): string {
  // In OpenMetrics a counter's name has no `_total`, its lines have.
  const title = open && type === 'counter' ? name.replace(/_total$/, '') : name;
  let text = `# HELP ${title} ${escapedHelp(help)}\n# TYPE ${title} ${type}\n`;
  const lineName = open && type === 'counter' ? `${title}_total` : name;
  for (const sample of values) text += lineText(lineName, sample, open);
  return open ? text : `${text}\n`;
}

function lineText(name: string, { labels, sharedLabels, value, metricName = name, exemplar }: Sample, open: boolean) {
  const own = labelsText(labels);
  const shared = sharedLabels === undefined ? '' : sharedText(sharedLabels);
  const between = own !== '' && shared !== '' ? ',' : '';
  const braces = own === '' && shared === '' ? '' : `{${own}${between}${shared}}`;
  const line = `${metricName}${braces} ${valueText(value)}`;
  if (!open || exemplar === undefined) return `${line}\n`;
  return `${line} # {${labelsText(exemplar.labelSet)}} ${valueText(exemplar.value)} ${exemplar.timestamp}\n`;
}

/** Labels that are handed in again at each scrape, and by many lines of one. */
const SHARED = new WeakMap<Labels, string>();

function sharedText(labels: Labels): string {
  let text = SHARED.get(labels);
  if (text === undefined) {
    text = labelsText(labels);
    SHARED.set(labels, text);
  }
  return text;
}

function labelsText(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escapedValue(labels[name] as string)}"`;
  return text;
}

function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function escapedValue(text: string): string {
  if (!/[\\"\n]/.test(text)) return text;
  return escapedHelp(text).replaceAll('"', String.raw`\"`);
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}
