import { describe, expect, it } from 'vitest';
import { Recollection, RecollectionMemory } from '../../../lambda/limiter/recollection.ts';

const windowMs = 60;

describe('what a process remembers of a connection', () => {
  it('lets one write go before the first answer, then as many as places are free', () => {
    const recollection = new Recollection();
    expect(recollection.mayWrite(100, windowMs)).toBe(true);
    recollection.beginWrite();
    expect(recollection.mayWrite(100, windowMs)).toBe(false);
    recollection.endWrite([10, 40, 90]);
    expect(recollection.mayWrite(100, windowMs)).toBe(true);
    recollection.beginWrite();
    recollection.beginWrite();
    expect(recollection.mayWrite(100, windowMs)).toBe(false);
  });

  it('keeps the newer knowledge when an older answer arrives last', () => {
    const recollection = new Recollection();
    recollection.beginWrite();
    recollection.beginWrite();
    recollection.endWrite([95, 100, 90]);
    recollection.endWrite([10, 90, 95]);
    expect(recollection.times).toEqual([90, 95, 100]);
    expect(recollection.mayWrite(149, windowMs)).toBe(false);
  });

  it('wakes all who wait when an answer arrives, and fails them with the write that failed', async () => {
    const recollection = new Recollection();
    recollection.beginWrite();
    const waiting = [recollection.nextAnswer(), recollection.nextAnswer()];
    recollection.endWrite([1, 2, 3]);
    await Promise.all(waiting);
    recollection.beginWrite();
    const failing = recollection.nextAnswer();
    recollection.failWrite(new Error('throttled'));
    await expect(failing).rejects.toThrow('throttled');
    expect(recollection.mayWrite(100, windowMs)).toBe(true);
  });
});

describe('the memory of connections', () => {
  it('forgets the one unused for longest', () => {
    const memory = new RecollectionMemory(2);
    const [first, second] = [memory.of('first'), memory.of('second')];
    expect(memory.of('first')).toBe(first);
    memory.of('third');
    expect(memory.of('first')).toBe(first);
    expect(memory.of('second')).not.toBe(second);
  });
});
