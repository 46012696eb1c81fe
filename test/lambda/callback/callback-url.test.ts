import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../lambda/callback/address.ts';
import { CallbackUrlRefused, checkCallbackUrl, flowIdOf } from '../../../lambda/callback/callback-url.ts';

const rules = { allowedHosts: ['*.logic.azure.com', 'flows.example.com'], allowLoopback: false };
const flow =
  'https://prod-01.westeurope.logic.azure.com:443/workflows/ABC/triggers/manual/versions/1/run?sig=secret';

describe('checkCallbackUrl', () => {
  it.each([flow, 'https://flows.example.com/x', 'https://a.b.logic.azure.com/'])('admits %s', (url) => {
    expect(checkCallbackUrl(url, rules).protocol).toBe('https:');
  });

  it.each([
    ['not a URL', 'not an absolute URL'],
    ['http://prod-01.logic.azure.com/', 'https://'],
    ['https://logic.azure.com/', 'not allowed'],
    ['https://evil-logic.azure.com.example.com/', 'not allowed'],
    ['https://xlogic.azure.com/', 'not allowed'],
    ['https://prod.logic.azure.com:8443/', 'port 443'],
    ['https://user@prod.logic.azure.com/', 'user name'],
    ['https://prod.logic.azure.com/#x', 'fragment'],
    ['https://prod.logic.azure.com/#', 'fragment'],
    ['https://127.0.0.1/', 'not allowed'],
    ['http://127.0.0.1:1/', 'https://'],
    [`https://prod.logic.azure.com/${'x'.repeat(5000)}`, 'longer'],
  ])('refuses %s', (url, reason) => {
    expect(() => checkCallbackUrl(url, rules)).toThrow(CallbackUrlRefused);
    expect(() => checkCallbackUrl(url, rules)).toThrow(reason);
  });

  it('never quotes the signature', () => {
    const wrong = flow.replace('https:', 'http:');
    expect(() => checkCallbackUrl(wrong, rules)).toThrow(expect.not.stringContaining('secret'));
  });

  it('admits loopback over http only where the configuration says so', () => {
    const local = { ...rules, allowLoopback: true };
    expect(checkCallbackUrl('http://127.0.0.1:4711/workflows/a/triggers/b/run', local).port).toBe('4711');
    expect(() => checkCallbackUrl('http://10.0.0.1/', local)).toThrow(CallbackUrlRefused);
  });
});

describe('flowIdOf', () => {
  const id = (url: string) => flowIdOf(new URL(url));

  it('is the same for every version and signature of a flow', () => {
    expect(id(flow.replace('versions/1', 'versions/2').replace('secret', 'other'))).toBe(id(flow));
  });

  it('survives the move of callback hosts and the newer form of the path', () => {
    expect(
      id(
        'https://x.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/abc/triggers/manual/paths/invoke',
      ),
    ).toBe(id(flow));
  });

  it('differs between flows and between triggers of one flow', () => {
    expect(id(flow.replace('ABC', 'ABD'))).not.toBe(id(flow));
    expect(id(flow.replace('manual', 'other'))).not.toBe(id(flow));
  });

  it.each([
    [
      'a workflow further on',
      '/workflows/own/triggers/manual/paths/invoke/workflows/ABC/triggers/manual/run',
    ],
    [
      'an encoded workflow before it',
      '/%77orkflows/own/triggers/manual/paths/invoke/workflows/ABC/triggers/manual',
    ],
    ['an empty segment before it', '/workflows//own/triggers/manual/workflows/ABC/triggers/manual'],
    ['a path that is not correctly encoded', '/%E0%A4%A/workflows/ABC/triggers/manual'],
  ])('is not that of another flow for %s', (_, path) => {
    expect(id(`https://prod-01.westeurope.logic.azure.com${path}`)).not.toBe(id(flow));
  });

  it('is the whole URL where the form is unknown', () => {
    expect(id('https://flows.example.com/a?x=1')).not.toBe(id('https://flows.example.com/a?x=2'));
  });
});

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '20.50.2.1', '2603:1030::1', '2a01:111::1'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
