/**
 * Unit prices in USD: list prices of the AWS region us-east-1 (N. Virginia) as of November 2025, without free
 * tiers and without savings plans. Check them before you rely on a figure made from them; other regions cost
 * up to a third more.
 * https://aws.amazon.com/lambda/pricing/ · /api-gateway/pricing/ · /dynamodb/pricing/on-demand/ ·
 * /cloudwatch/pricing/ · /sqs/pricing/ · /kms/pricing/ · /secrets-manager/pricing/ · /ec2/pricing/on-demand/
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
  /** Per read request unit (up to 4 KB, strongly consistent), on demand; half of it where eventual. */
  dynamoDbReadUnit: 0.125 / 1_000_000,
  /** Per GB and month, after the first 25. */
  dynamoDbGigabyteMonth: 0.25,
  /** Per GB and month of continuous backup. */
  dynamoDbBackupGigabyteMonth: 0.2,
  /** Per request of up to 64 KB to a standard queue; a batch is one. */
  sqsRequest: 0.4 / 1_000_000,
  /** Per request. */
  kmsRequest: 0.03 / 10_000,
  /** Per customer-managed key and month. */
  kmsKeyMonth: 1,
  /** Per secret and month. */
  secretMonth: 0.4,
  /** Per call of Secrets Manager. */
  secretRequest: 0.05 / 10_000,
  /** Per invocation of a schedule. */
  schedulerInvocation: 1 / 1_000_000,
  /** Per metric of an alarm and month, standard resolution; an alarm of metric math pays for each of its metrics. */
  alarmMetricMonth: 0.1,
  /** Per dashboard and month, after the first three of an account. */
  dashboardMonth: 3,
  /** Per custom metric and month, prorated to the hours in which it has data. */
  metricMonth: 0.3,
  /** Per GB of log taken in, standard class, first 10 TB a month. */
  logGigabyte: 0.5,
  /** Per GB and month of log kept. */
  logGigabyteMonth: 0.03,
  /** Compressed size of a stored log, as a share of the ingested size. */
  logCompression: 0.15,
  /** Per GB out to the internet, first 10 TB a month. */
  egressGigabyte: 0.09,
} as const;
