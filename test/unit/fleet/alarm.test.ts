import { expect, test } from 'vitest';
import { Alarm } from '../../../src/fleet/alarm.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

test('a wait ends with its time, when it rings, or when all is over', async () => {
  const time = new VirtualTime();
  const over = new AbortController();
  const alarm = new Alarm();
  const ended: number[] = [];
  const wait = () => alarm.wait(100, time.sleep, over.signal).then(() => ended.push(time.nowMs));
  void wait();
  await time.pass(150);
  void wait();
  await time.pass(20);
  alarm.ring();
  await time.pass(10);
  // What rings while nobody waits cuts the next wait, once.
  alarm.ring();
  void wait().then(wait);
  await time.pass(50);
  over.abort();
  await time.pass(1);
  expect(ended).toEqual([100, 170, 180, 230]);
});
