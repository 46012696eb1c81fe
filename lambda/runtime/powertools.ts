/** The log lines of the functions, which Powertools writes. */
import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { Log } from './log.ts';

type Formatted = Parameters<LogFormatter['formatAttributes']>;

/** What Lambda says of the trace of an invocation; "Sampled=1" where one is recorded. */
const traceVariable = '_X_AMZN_TRACE_ID';

/**
 * The lines of Powertools, but with the id of a trace only where one is recorded. In every other line it would name
 * nothing, and be a tenth of what the log costs.
 */
class ShortLines extends LogFormatter {
  override formatAttributes(...[attributes, additional]: Formatted): LogItem {
    const { logLevel: level, message, timestamp, serviceName, sampleRateValue, xRayTraceId } = attributes;
    const isTraced = process.env[traceVariable]?.includes('Sampled=1') === true;
    const line = {
      level,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      sampling_rate: sampleRateValue,
      ...(isTraced && { xray_trace_id: xRayTraceId }),
    };
    return new LogItem({ attributes: line }).addAttributes(additional);
  }
}

export const logger = (serviceName: string): Log =>
  new Logger({ serviceName, logFormatter: new ShortLines() });
