import { describe, expect, it } from 'vitest';
import { ConnectionWindow } from '../../../lambda/limiter/connection-window.ts';

const windowMs = 60;

describe('what a process remembers of a connection', () => {
  it('lets one write go before the first answer, then as many as slots are free', () => {
    const known = new ConnectionWindow();
    expect(known.mayWrite(100, windowMs)).toBe(true);
    known.beginWrite();
    expect(known.mayWrite(100, windowMs)).toBe(false);
    known.endWrite([10, 40, 90]);
    expect(known.mayWrite(100, windowMs)).toBe(true);
    known.beginWrite();
    known.beginWrite();
    expect(known.mayWrite(100, windowMs)).toBe(false);
  });

  it('keeps the newer knowledge when an older answer arrives last', () => {
    const known = new ConnectionWindow();
    known.beginWrite();
    known.beginWrite();
    known.endWrite([95, 100, 90]);
    known.endWrite([10, 90, 95]);
    expect(known.times).toEqual([90, 95, 100]);
    expect(known.mayWrite(149, windowMs)).toBe(false);
  });

  it('wakes all who wait when an answer arrives, and fails them with the write that failed', async () => {
    const known = new ConnectionWindow();
    known.beginWrite();
    const waiting = [known.nextAnswer(), known.nextAnswer()];
    known.endWrite([1, 2, 3]);
    await Promise.all(waiting);
    known.beginWrite();
    const failing = known.nextAnswer();
    known.failWrite(new Error('throttled'));
    await expect(failing).rejects.toThrow('throttled');
    expect(known.mayWrite(100, windowMs)).toBe(true);
  });
});
