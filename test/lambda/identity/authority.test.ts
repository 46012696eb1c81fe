import { describe, expect, it } from 'vitest';
import { openAuthority } from '../../../lambda/identity/authority.ts';
import { identityAnswerBytes } from '../../../lambda/identity/settling-fetch.ts';

const document = (issuer: string) => async () =>
  Response.json({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` });

describe('an authority', () => {
  it('may be plain http on loopback only', () => {
    expect(() => openAuthority({ authority: 'http://login.example/t/v2.0' })).toThrow(
      /must be an https address/,
    );
    expect(() => openAuthority({ authority: 'http://127.0.0.1.example/t/v2.0' })).toThrow(TypeError);
    expect(openAuthority({ authority: 'http://127.0.0.1:1/t/v2.0' }).insecure).toBe(true);
    expect(openAuthority({ authority: 'https://login.example/t/v2.0' }).insecure).toBe(false);
  });

  it('must name itself as the issuer in its document', async () => {
    const authority = openAuthority({
      authority: 'https://login.example/tenant/v2.0',
      fetch: document('https://login.example/other/v2.0'),
    });
    await expect(authority.metadata()).rejects.toMatchObject({ code: 'IdentityProviderUnavailable' });
  });

  it('is read once, and again only after a failure', async () => {
    const issuer = 'https://login.example/tenant/v2.0';
    let reads = 0;
    const authority = openAuthority({
      authority: issuer,
      fetch: async () => {
        reads += 1;
        if (reads === 1) throw new TypeError('fetch failed');
        return document(issuer)();
      },
    });
    await expect(authority.metadata()).rejects.toMatchObject({ code: 'IdentityProviderUnavailable' });
    await Promise.all([authority.metadata(), authority.metadata()]);
    expect((await authority.metadata()).issuer).toBe(issuer);
    expect(reads).toBe(2);
  });

  it('is given up when its answer is larger than any document of it, also after decompression', async () => {
    let taken = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        taken += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      },
    });
    const authority = openAuthority({
      authority: 'https://login.example/tenant/v2.0',
      fetch: async () => new Response(endless, { headers: { 'content-type': 'application/json' } }),
    });
    await expect(authority.metadata()).rejects.toMatchObject({
      code: 'IdentityProviderUnavailable',
      cause: { message: expect.stringContaining('larger than 1024 KB') },
    });
    expect(taken).toBeLessThan((4 * identityAnswerBytes) / (64 * 1024));
  });
});
