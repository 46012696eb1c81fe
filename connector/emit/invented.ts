/**
 * What a publisher has to check before makers see the connector: placeholder texts, and a title that
 * contains the name of another company's product.
 */
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

/** Names of products whose API belongs to Microsoft. */
const products =
  /\b(?:Microsoft|Azure|Dynamics(?: 365)?|Customer Insights|Dataverse|Office 365|Outlook|Teams)\b/i;

/** The product that a title names; undefined for none. Certification asks who owns the API of a product in a title. */
export const productInTitle = ({ connector: { title } }: Configuration): string | undefined =>
  products.exec(title)?.[0];
