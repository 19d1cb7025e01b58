import { expect, test } from 'vitest';
import { outagePicture, scenariosPicture } from '../../bench/world/pictures.ts';

const PAGE = `2000 requests a second, 9 endpoints:

| scenario | who             | mean ms | × oracle |
|----------|-----------------|--------:|---------:|
| peak     | oracle          |    50.0 |    1.000 |
| peak     | Meridian        |    51.0 |    1.020 |
| peak     | Meridian, fleet |    50.5 |    1.010 |
| peak     | nearest         |   400.0 |    8.000 |

20000 requests a second, 18 endpoints:

| peak | Meridian | 1 | 3.000 |`;

test('bars are as long as the figures of the first table, and those beyond say how long', () => {
  const picture = scenariosPicture(PAGE);
  expect(picture).toMatch(/^<svg [^>]+>\n/);
  const widths = [...picture.matchAll(/<rect x="150" [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(1.02 / 1.01, 2);
  expect(picture).toContain('→ 8.0');
  expect(picture).toContain('>peak<');
  expect(picture).not.toContain('95 %');
});

test('a page without figures is no picture', () => {
  expect(() => scenariosPicture('nothing')).toThrow('has no table');
});

test('an outage begins at 0, with a curve for each', () => {
  const means = Array.from({ length: 40 }, (_, second) => (second < 20 ? 50 : 100));
  const picture = outagePicture(
    [
      { who: 'oracle', means },
      { who: 'a<b', means },
    ],
    20,
    30,
  );
  expect(picture.match(/<polyline/g)).toHaveLength(2);
  expect(picture).toContain('a&lt;b');
  // Ten seconds before, and as many in the outage as it lasts.
  expect(picture.match(/points="([^"]+)"/)?.[1]?.split(' ')).toHaveLength(30);
});
