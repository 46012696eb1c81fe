/** The two forms of the status report: a text for an e-mail, and sections. */
import type { ReportSection } from '../../../connector/contract/display-names.ts';
import { iso } from '../../runtime/time.ts';
import { ownershipLister } from '../listed-ownership.ts';
import { type InstanceContext, onInstance } from '../on-instance.ts';
import type { InstancePorts } from '../ports.ts';
import { failedIn, isHealthy, mailBody, mailSubject, type Report } from './mail.ts';
import { readSections } from './sections.ts';

const reportFor = async (
  context: InstanceContext,
  reportType: ReportSection | 'all',
  ports: InstancePorts,
): Promise<Report> => ({
  instanceName: context.instance.name,
  generatedAt: iso(ports.now()),
  sections: await readSections(
    context.client,
    context.instance.id,
    reportType,
    ownershipLister(context, ports),
  ),
});

export const sendStatusReport = onInstance<'SendStatusReport'>(async ({ query }, context, ports) => {
  const report = await reportFor(context, query.reportType, ports);
  return {
    body: {
      subject: mailSubject(report),
      body: mailBody(report),
      healthy: isHealthy(report.sections),
      generatedAt: report.generatedAt,
    },
  };
});

export const sendStatusReportV2 = onInstance<'SendStatusReportV2'>(async ({ query }, context, ports) => {
  const report = await reportFor(context, query.reportType, ports);
  return {
    body: {
      ...report,
      healthy: isHealthy(report.sections),
      failed: failedIn(report.sections),
    },
  };
});
