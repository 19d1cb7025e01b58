import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextRoom, ROOM_MIN } from '../../../src/health/room.ts';

test.each([
  ['nothing refused', 1, 100, 0, 1],
  ['no answers', 1, 0, 0, 1],
  ['a tenth refused', 1, 100, 10, 0.9],
  ['all refused: half at most', 1, 100, 100, 0.5],
  ['never less than a little', ROOM_MIN, 100, 100, ROOM_MIN],
  ['it comes back bit by bit', 0.5, 100, 0, 0.52],
])('%s', (_, room, answers, refused, next) => {
  expect(nextRoom(room, answers, refused)).toBeCloseTo(next);
});

test('it is a share, and without refusals all of it comes back', () => {
  const look = fc.record({
    answers: fc.integer({ min: 1, max: 1000 }),
    refusedShare: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 50 }), (looks) => {
      let room = 1;
      for (const { answers, refusedShare } of looks) {
        room = nextRoom(room, answers, Math.round(answers * refusedShare));
        expect(room).toBeGreaterThanOrEqual(ROOM_MIN);
        expect(room).toBeLessThanOrEqual(1);
      }
      for (let quiet = 0; quiet < 120; quiet += 1) room = nextRoom(room, 10, 0);
      expect(room).toBe(1);
    }),
  );
});
