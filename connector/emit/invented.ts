/** Texts about the publisher that nobody has given: the defaults, which serve the local run and examples only. */
import { exampleConfiguration } from '../../config/example.ts';
import type { Configuration } from '../../config/schema.ts';

/** Who publishes the connector and whom makers turn to, by key. */
const publisherTexts = ({ connector: { publisher, contact, website, privacyPolicy } }: Configuration) =>
  [
    ['connector.publisher', publisher],
    ['connector.contact.name', contact.name],
    ['connector.contact.url', contact.url],
    ['connector.contact.email', contact.email],
    ['connector.website', website],
    ['connector.privacyPolicy', privacyPolicy],
  ] as const;

/** The example gives none of them: what it has are the defaults. */
const defaults = new Map<string, string>(publisherTexts(exampleConfiguration));

/** Domains that nobody can have (RFC 2606). */
const reserved = /(?:^|[@./])example\.(?:com|net|org)(?![a-z0-9.-])/i;

/** @returns `connector.contact.email (support@example.com)` for each that is still the default, or lies in a domain for examples */
export const inventedTexts = (configuration: Configuration): readonly string[] =>
  publisherTexts(configuration)
    .filter(([key, text]) => defaults.get(key) === text || reserved.test(text))
    .map(([key, text]) => `${key} (${text})`);
