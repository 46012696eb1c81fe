import { describe, expect, it } from 'vitest';
import { entraRefusal } from '../../../lambda/identity/entra-refusal.ts';

const context = {
  grant: 'clientCredentials',
  clientId: 'app-1',
  scope: 'https://api.ci.ai.microsoft.com/.default',
  issuer: 'https://login.example/tenant/v2.0',
} as const;

describe('a refusal by Microsoft Entra ID', () => {
  it('with a code unknown here goes by the error name', () => {
    const kind = (body: object) => entraRefusal(body, context).code;
    expect(kind({ error: 'interaction_required', error_codes: [59999] })).toBe('InteractionRequired');
    expect(kind({ error: 'invalid_grant', suberror: 'consent_required' })).toBe('ConsentRequired');
    expect(kind({ error: 'invalid_client', error_codes: [7009999] })).toBe('ClientSecretInvalid');
    expect(kind({ error: 'unauthorized_client' })).toBe('ClientAppRefused');
    expect(kind({ error: 'invalid_grant' })).toBe('IdentityProviderUnavailable');
  });

  it('is known by its description where the list of codes is missing', () => {
    const body = {
      error: 'invalid_grant',
      error_description: 'AADSTS65001: The user or administrator has not consented',
    };
    expect(entraRefusal(body, context).code).toBe('ConsentRequired');
  });

  it('for the application itself names the application permission', () => {
    const { message } = entraRefusal({ error_codes: [65001] }, context);
    expect(message).toContain('application permission "api.access"');
    expect(message).toContain('https://login.example/tenant/adminconsent?client_id=app-1');
  });

  it('for another API names the scope', () => {
    const { message } = entraRefusal({ error_codes: [65001] }, { ...context, scope: 'api://other/.default' });
    expect(message).toContain('api://other/.default');
  });

  it('of any shape is answered without repeating its text', () => {
    for (const error of [undefined, 7, '<script>', 'x'.repeat(500), { a: 1 }]) {
      const refusal = entraRefusal(
        { error, error_codes: 'no list', error_description: 'user maya@contoso' },
        context,
      );
      expect(refusal.code).toBe('IdentityProviderUnavailable');
      expect(refusal.message).not.toMatch(/script|xxx|maya/);
    }
  });
});
