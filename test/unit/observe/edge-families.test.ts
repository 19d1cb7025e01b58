import { expect, test } from 'vitest';
import { edgeFamilies, LAGS_MAX, type ReplicationLag } from '../../../src/observe/edge-families.ts';
import { valuesOf } from './samples.ts';
import { topologyWith } from './world.ts';

const familiesOf = (edge: string, lags?: readonly ReplicationLag[]) => {
  const topology = topologyWith({ shop: ['aws/x'] }, edge);
  return edgeFamilies({ topology: () => topology, version: '1.2.3', lags: () => lags });
};

const STANDING = 'edge: { id: iad-1, region: aws/us-east-1 }';

test('an edge without a fleet is in step with itself', () => {
  expect(valuesOf(familiesOf(STANDING), 'replication_lag_seconds')).toEqual({ 'us-east-1 us-east-1': 0 });
  expect(valuesOf(familiesOf(''), 'replication_lag_seconds')).toEqual({ 'none none': 0 });
});

test('a fleet has a series for each pair, also one that was never in step', () => {
  const lags = [
    { source: 'a', target: 'b', seconds: 1.5 },
    { source: 'a', target: 'c', seconds: Number.POSITIVE_INFINITY },
  ];
  expect(valuesOf(familiesOf(STANDING, lags), 'replication_lag_seconds')).toEqual({
    'a b': 1.5,
    'a c': Number.POSITIVE_INFINITY,
  });
});

test('there are only so many pairs', () => {
  const lags = Array.from({ length: LAGS_MAX + 1 }, (_, i) => ({ source: 'a', target: String(i), seconds: 0 }));
  expect(Object.keys(valuesOf(familiesOf(STANDING, lags), 'replication_lag_seconds'))).toHaveLength(LAGS_MAX);
});

test('build and edge are in labels', () => {
  expect(valuesOf(familiesOf(STANDING), 'meridian_build_info')).toEqual({ [`1.2.3 ${process.versions.node}`]: 1 });
  expect(valuesOf(familiesOf(STANDING), 'meridian_edge_info')).toEqual({ 'iad-1 aws us-east-1': 1 });
  expect(valuesOf(familiesOf('edge: { id: lone }'), 'meridian_edge_info')).toEqual({ 'lone none none': 1 });
});
