import { expect, test } from 'vitest';
import { printable } from '../../../src/config/redact.ts';
import { SERVICES, topologyOf } from './parse-text.ts';

test('a token is never printed, and everything else is', () => {
  const topology = topologyOf(`version: 1\nadmin: { token: hunter2 }\n${SERVICES}`);
  const shown = printable(topology);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown).toEqual({ ...topology, admin: { ...topology.admin, token: '(redacted)' } });
  expect(topology.admin.token).toBe('hunter2');
});

test('that there is no token can be seen', () => {
  expect(printable(topologyOf(`version: 1\n${SERVICES}`)).admin.token).toBe('');
});
