import { describe, expect, it } from 'vitest';
import { between, MarksMissing } from '../../scripts/between-marks.ts';
import { firstDifference } from '../../scripts/first-difference.ts';

describe('a part of a file that is made', () => {
  it('replaces only the text between its marks, however often it is made', () => {
    const once = between('f', 'a\n<one>\nold\nolder\n<two>\nb\n', '<one>', '<two>', 'new');
    expect(once).toBe('a\n<one>\nnew\n<two>\nb\n');
    expect(between('f', once, '<one>', '<two>', 'new')).toBe(once);
  });

  it.each(['', '<one>\n', '<two>\n<one>\n'])('needs both marks in their order: %j', (committed) => {
    expect(() => between('f', committed, '<one>', '<two>', 'new')).toThrow(MarksMissing);
  });
});

describe('the first difference', () => {
  it('is named with its line and both texts', () => {
    expect(firstDifference('a\nb\nc', 'a\nx\nc')).toBe('  line 2\n  committed: b\n  made now:  x');
  });

  it('may be the end of one of them', () => {
    expect(firstDifference('a', 'a\nb')).toMatch(/line 2\n {2}committed: \(ends here\)\n {2}made now: {2}b/);
    expect(firstDifference('a\nb', 'a')).toMatch(/line 2\n {2}committed: b\n {2}made now: {2}\(ends here\)/);
  });
});
