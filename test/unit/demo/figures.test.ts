import { expect, test } from 'vitest';
import { availabilityText, elapsedText, msText, percentText } from '../../../src/demo/figures.ts';

test.each([
  [Number.NaN, '-'],
  [0.94, '0.9 ms'],
  [9.94, '9.9 ms'],
  [84.4, '84 ms'],
  [1130, '1130 ms'],
])('%d ms is %s', (ms, text) => expect(msText(ms)).toBe(text));

test.each([
  [0, '0%'],
  [0.0001, '<1%'],
  [0.005, '1%'],
  [0.314, '31%'],
  [1, '100%'],
])('a share of %d is %s', (share, text) => expect(percentText(share)).toBe(text));

test.each([
  [1, '100.000 %'],
  [0.999_999_9, '99.999 %'],
  [0.9999, '99.990 %'],
  [0, '0.000 %'],
])('an availability of %d is %s: never rounded up', (share, text) => expect(availabilityText(share)).toBe(text));

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [60_000, '1m00s'],
  [3_725_000, '62m05s'],
])('%d ms elapsed is %s', (ms, text) => expect(elapsedText(ms)).toBe(text));
