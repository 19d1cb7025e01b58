import { plainAuthority } from '../config/authority.ts';

/** What of a request says what it asks for. */
export type Asked = {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly target: string;
};

/**
 * The URL as its origin is asked for it: the key of its copies. Which endpoint it is sent to is no part of it, so what one
 * region answered serves when another is chosen. The host is in lower case and the default port left out.
 */
export function publicUrl({ protocol, host, target }: Asked): string {
  return `${protocol}://${plainAuthority(protocol, host)}${target}`;
}
