import { expect, it } from 'vitest';
import { createLossySender } from './lossy-sender.ts';

it('Messages are discarded while a thousand are not read, and sent again afterwards', () => {
  const waiting: (() => void)[] = [];
  const sent: number[] = [];
  const send = createLossySender<number>((message, onSent) => {
    sent.push(message);
    waiting.push(onSent);
  });
  for (let n = 0; n < 5000; n += 1) send(n);
  expect(sent).toHaveLength(1000);
  for (const onSent of waiting.splice(0)) onSent();
  send(5000);
  expect(sent.at(-1)).toBe(5000);
});
