/** The two forms of the status report: a text for an e-mail, and sections. */
import type { ReportSection } from '../../../connector/contract/words.ts';
import { iso } from '../../runtime/time.ts';
import { type InstanceContext, onInstance } from '../on-instance.ts';
import { failedIn, isHealthy, mailBody, mailSubject, type Report } from './mail.ts';
import { readSections } from './sections.ts';

const reportFor = async (
  { instance, client }: InstanceContext,
  reportType: ReportSection | 'all',
  now: number,
): Promise<Report> => ({
  instanceName: instance.name,
  generatedAt: iso(now),
  sections: await readSections(client, instance.id, reportType),
});

export const sendStatusReport = onInstance<'SendStatusReport'>(async ({ query }, context, { now }) => {
  const report = await reportFor(context, query.reportType, now());
  return {
    body: {
      subject: mailSubject(report),
      body: mailBody(report),
      healthy: isHealthy(report.sections),
      generatedAt: report.generatedAt,
    },
  };
});

export const sendStatusReportV2 = onInstance<'SendStatusReportV2'>(async ({ query }, context, { now }) => {
  const report = await reportFor(context, query.reportType, now());
  return {
    body: {
      ...report,
      healthy: isHealthy(report.sections),
      failed: failedIn(report.sections),
    },
  };
});
