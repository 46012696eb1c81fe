/**
 * Unit prices in USD: list prices of the AWS region us-east-1 (N. Virginia) as of November 2025, without free
 * tiers and without savings plans. Check them before you rely on a figure made from them; other regions cost
 * up to a third more.
 * https://aws.amazon.com/lambda/pricing/ · /api-gateway/pricing/ · /dynamodb/pricing/on-demand/ ·
 * /cloudwatch/pricing/ · /ec2/pricing/on-demand/
 */
export const priceRegion = 'us-east-1 (N. Virginia)';
export const priceDate = 'November 2025';

export const prices = {
  /** Per request. */
  lambdaRequest: 0.2 / 1_000_000,
  /** Per GB-second on arm64, first 7.5 billion a month. */
  lambdaGigabyteSecond: 0.000_013_333_4,
  /** Per request to an HTTP API of at most 512 KB, first 300 million a month. */
  httpApiRequest: 1 / 1_000_000,
  /** Per write request unit (up to 1 KB), on demand. */
  dynamoDbWriteUnit: 0.625 / 1_000_000,
  /** Per GB of log taken in, standard class, first 10 TB a month. */
  logGigabyte: 0.5,
  /** Per GB and month of log kept. */
  logGigabyteMonth: 0.03,
  /** Compressed size of a stored log, as a share of the ingested size. */
  logCompression: 0.15,
  /** Per GB out to the internet, first 10 TB a month. */
  egressGigabyte: 0.09,
} as const;
