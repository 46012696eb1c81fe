import { describe, expect, it } from 'vitest';
import { encodesTwiceSince, isAtLeast, versionOf } from '../../connector/contract/calling-version.ts';
import { connectorVersion } from '../../connector/emit/version.ts';

describe('the version that a call names', () => {
  it.each([
    ['0.1.0', [0, 1, 0]],
    [' 1.20.300 ', [1, 20, 300]],
    ['0.2.0-beta.1', [0, 2, 0]],
    ['1.0.0+7', [1, 0, 0]],
    ['0.2', undefined],
    ['v0.2.0', undefined],
    ['0.2.0.1', undefined],
    ['0.2.x', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('is read from %j', (text, version) => {
    expect(versionOf(text)).toEqual(version);
  });

  it.each([
    ['0.1.0', '0.2.0', false],
    ['0.1.99', '0.2.0', false],
    ['0.2.0', '0.2.0', true],
    ['0.10.0', '0.2.0', true],
    ['0.2.0', '0.10.0', false],
    ['1.0.0', '0.99.99', true],
    ['0.2.10', '0.2.9', true],
  ])('%s counts as at least %s: %s', (one, other, expected) => {
    const [version, least] = [versionOf(one), versionOf(other)];
    expect(version && least && isAtLeast(version, least)).toBe(expected);
  });

  it('of this connector is one that encodes twice', () => {
    const own = versionOf(connectorVersion);
    expect(own && isAtLeast(own, encodesTwiceSince)).toBe(true);
  });
});
