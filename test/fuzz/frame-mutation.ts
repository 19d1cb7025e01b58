import type { Dice } from './dice.ts';
import { bytesOf, type Frame, TYPE } from './frame-grammar.ts';

/** The bytes of frames of which one to three have been spoiled. `ids`: streams that one may be moved to. */
export function spoiledFrames(dice: Dice, frames: readonly Frame[], ids: readonly number[] = ANY_IDS): Buffer {
  const list = frames.map((frame) => ({ frame, length: frame.payload.length }));
  for (let left = dice.between(1, 3); left > 0; left -= 1) {
    const at = dice.below(list.length);
    const { frame, length } = list[at] as (typeof list)[number];
    const other = dice.below(list.length);
    switch (dice.below(9)) {
      case 0:
        list.splice(at, list.length > 1 ? 1 : 0);
        break;
      case 1:
        list.splice(other, 0, { frame, length });
        break;
      case 2: {
        const swapped = list[other] as (typeof list)[number];
        list[other] = { frame, length };
        list[at] = swapped;
        break;
      }
      case 3:
        list[at] = { frame: { ...frame, id: dice.pick(ids) }, length };
        break;
      case 4:
        list[at] = { frame: { ...frame, type: dice.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x42]) }, length };
        break;
      case 5:
        list[at] = { frame: { ...frame, flags: frame.flags ^ (1 << dice.below(8)) }, length };
        break;
      case 6: {
        const payload = frame.payload.subarray(0, dice.below(frame.payload.length + 1));
        list[at] = { frame: { ...frame, payload }, length: payload.length };
        break;
      }
      case 7:
        // What is said of the length is not so: the rest is read as something else.
        list[at] = { frame, length: dice.pick([0, length + 1, Math.max(0, length - 1), 16_384, 16_385, 0xff_ff_ff]) };
        break;
      default:
        list[at] = { frame: { ...frame, payload: flipped(dice, frame) }, length };
    }
  }
  return Buffer.concat(list.map(({ frame, length }) => bytesOf(frame, length)));
}

const ANY_IDS = [0, 1, 2, 3, 5, 7, 9, 2 ** 31 - 1, 2 ** 31 + 1];

/** A payload with some of its bytes changed; of header blocks, where most of the rules are, often several. */
function flipped(dice: Dice, { type, payload }: Frame): Buffer {
  const copy = Buffer.from(payload);
  const times = type === TYPE.headers || type === TYPE.more ? dice.between(1, 4) : 1;
  for (let i = 0; i < times && copy.length > 0; i += 1) {
    const at = dice.below(copy.length);
    copy[at] = dice.onceIn(2) ? dice.below(256) : (copy[at] as number) ^ (1 << dice.below(8));
  }
  return copy;
}
