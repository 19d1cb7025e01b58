/** Less is never left: somebody has to find out when there is room again. */
export const ROOM_MIN = 0.02;
/** What an endpoint gets back in each look that saw no refusal, of what it has. */
const REGAIN = 0.04;
/** However many were refused in one look, so much of the room stays. */
const KEEP_MIN = 0.5;

/**
 * The share of requests that an endpoint has room for, from look to look, by how many of its answers said that it had none
 * (503 with Retry-After). It is no illness: whoever is full does its work. But what it refuses is better sent elsewhere, before
 * it is refused. `room` is 0 to 1.
 */
export function nextRoom(room: number, answers: number, refused: number): number {
  if (refused === 0) return room === 1 ? 1 : Math.min(1, room * (1 + REGAIN));
  return Math.max(ROOM_MIN, room * Math.max(KEEP_MIN, 1 - refused / answers));
}
