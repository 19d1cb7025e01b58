import { describe, expect, test } from 'vitest';
import { HEDGE } from '../../../src/config/schema-hedge.ts';
import { readWith } from '../../../src/config/zod-schema.ts';
import { threeClouds } from '../../support/topology.ts';

const hedgeOf = (hedge: string) => threeClouds({ service: `hedge: ${hedge}` }).services[0]?.hedge;

describe('hedge', () => {
  test('after a time, or after what is usual for an endpoint', () => {
    expect(hedgeOf('{ after: 50ms }')).toEqual({ after: 50, methods: ['GET', 'HEAD'] });
    expect(hedgeOf('{ after: p95, methods: [GET] }')).toEqual({ after: { quantile: 0.95 }, methods: ['GET'] });
    expect(threeClouds().services[0]?.hedge).toBeUndefined();
  });

  test.each([{ after: 'p100' }, { after: 'p5' }, { after: '1ms' }, { after: 'p95', methods: ['POST'] }, { after: 95 }])(
    '%j is none',
    (hedge) => expect('faults' in readWith(HEDGE.schema, hedge)).toBe(true),
  );
});
