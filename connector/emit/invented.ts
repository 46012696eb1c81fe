/** Placeholder texts about the publisher: the defaults, which are for the local run and examples only. */
import { exampleConfiguration } from '../../config/example.ts';
import type { Configuration } from '../../config/schema.ts';

/** The publisher and the contact data, by key. */
const publisherTexts = ({ connector: { publisher, contact, website, privacyPolicy } }: Configuration) =>
  [
    ['connector.publisher', publisher],
    ['connector.contact.name', contact.name],
    ['connector.contact.url', contact.url],
    ['connector.contact.email', contact.email],
    ['connector.website', website],
    ['connector.privacyPolicy', privacyPolicy],
  ] as const;

/** The example configuration sets none of them; it has the defaults. */
const defaults = new Map<string, string>(publisherTexts(exampleConfiguration));

/** Domains that are reserved for examples (RFC 2606). */
const reserved = /(?:^|[@./])example\.(?:com|net|org)(?![a-z0-9.-])/i;

/**
 * @returns `connector.contact.email (support@example.com)` for each that is still the default, or is in a
 *   domain for examples
 */
export const inventedTexts = (configuration: Configuration): readonly string[] =>
  publisherTexts(configuration)
    .filter(([key, text]) => defaults.get(key) === text || reserved.test(text))
    .map(([key, text]) => `${key} (${text})`);
