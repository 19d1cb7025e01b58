import type { AlertChange } from './alert.ts';
import type { Post } from './webhook.ts';

/** Lines of one message; Slack cuts a longer one, and nobody reads it. */
export const LINES_MAX = 20;

/** One message for all changes of a look, for an incoming webhook of Slack. */
export function slackPost(url: string, changes: readonly AlertChange[], edge: string): Post {
  const firing = changes.filter(({ status }) => status === 'firing').length;
  const counts = [
    ...(firing > 0 ? [`${firing} firing`] : []),
    ...(firing < changes.length ? [`${changes.length - firing} resolved`] : []),
  ];
  const lines = changes.slice(0, LINES_MAX).map(lineOf);
  if (changes.length > LINES_MAX) lines.push(`… and ${changes.length - LINES_MAX} more`);
  const text = [`*Meridian ${escaped(edge)}*: ${counts.join(', ')}`, ...lines].join('\n');
  return { url, body: JSON.stringify({ text, unfurl_links: false, unfurl_media: false }) };
}

function lineOf({ status, finding }: AlertChange): string {
  const sign = status === 'resolved' ? ':white_check_mark:' : SIGNS[finding.severity];
  const word = status === 'resolved' ? 'resolved' : finding.severity;
  return `${sign} *${word}* ${escaped(finding.summary)}`;
}

const SIGNS = { critical: ':red_circle:', warning: ':large_yellow_circle:' } as const;

/** The three characters that Slack gives a meaning to. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
