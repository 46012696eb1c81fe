/**
 * Customer Insights as far as the benchmark needs it, as fast as it can be: fixed answers, made once. It
 * checks that the user's exchanged token and the subscription key came along, or a contender could be fast by
 * leaving them out.
 */
import { createServer } from 'node:http';
import { customerInsightsAudience } from '../../lambda/identity/customer-insights-access.ts';
import { answerJson } from './json-answer.ts';
import { becomePart, listening, partInput } from './part.ts';

export interface UpstreamInput {
  readonly subscriptionKey: string;
  readonly instanceId: string;
}

const { subscriptionKey, instanceId } = partInput<UpstreamInput>();

const dataSources = Array.from({ length: 12 }, (_, index) => ({
  dataSourceMetadata: {
    dataSourceId: `d0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: `Source${index}`,
    friendlyName: `Source ${index}`,
    kind: 'PowerQuery',
    createdUtc: '2026-01-10T12:00:00Z',
  },
  dataSourceStatus: { status: 'Successful', lastRefreshUtc: '2026-03-01T06:00:00Z' },
}));

/** A page of 100 rows, about 40 KB. */
const rows = Array.from({ length: 100 }, (_, index) => ({
  CustomerId: `c${String(index).padStart(31, '0')}`,
  FullName: `Customer Number ${index}`,
  EMail: `customer.${index}@contoso.example`,
  Telephone: `+49 30 ${1_000_000 + index}`,
  City: 'Berlin',
  Country: 'Germany',
  DateOfBirth: '1980-05-17',
  LoyaltyPoints: 1_000 + index * 7,
  LifetimeValue: 1234.5 + index,
  CreatedOn: '2025-11-03T08:15:30Z',
  Segment: 'Returning',
  MarketingConsent: index % 2 === 0,
}));

const answers: Readonly<Record<string, Buffer>> = {
  [`/v1/instances/${instanceId}/manage/datasources`]: Buffer.from(JSON.stringify(dataSources)),
  [`/v1/instances/${instanceId}/data/Customer`]: Buffer.from(JSON.stringify({ value: rows })),
};

/** Tokens whose audience was looked at: each once, so that the look costs nothing. */
const fit = new Map<string, boolean>();

const isForCustomerInsights = (authorization = ''): boolean => {
  const known = fit.get(authorization);
  if (known !== undefined) return known;
  const claims = Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString();
  const fits = claims.includes(`"aud":"${customerInsightsAudience}"`);
  fit.set(authorization, fits);
  return fits;
};

const server = createServer((request, response) => {
  const { url = '', headers } = request;
  const query = url.indexOf('?');
  const body = answers[query < 0 ? url : url.slice(0, query)];
  const allowed =
    headers['ocp-apim-subscription-key'] === subscriptionKey && isForCustomerInsights(headers.authorization);
  if (!allowed) response.writeHead(401).end();
  else answerJson(response, body);
});
becomePart(await listening(server));
