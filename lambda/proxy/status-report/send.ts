/** The two forms of the status report: a text for an e-mail, and sections. */
import type { ReportSection } from '../../../connector/contract/display-names.ts';
import { servedInstance } from '../../customer-insights/served-instance.ts';
import type { CallContext, Implementation } from '../../http/implementations.ts';
import type { ProxyPorts } from '../ports.ts';
import { failedIn, isHealthy, mailBody, mailSubject, type Report } from './mail.ts';
import { readSections } from './sections.ts';

interface ReportRequest {
  readonly path: { readonly dataset: string };
  readonly query: { readonly reportType: ReportSection | 'all' };
}

async function reportFor(
  { settings, access, now }: ProxyPorts,
  { path, query }: ReportRequest,
  { caller, deadline }: CallContext,
): Promise<Report> {
  const { id, name: instanceName } = servedInstance(settings, path.dataset);
  const sections = await readSections(access.forUser(caller, deadline), id, query.reportType);
  return { instanceName, generatedAt: new Date(now()).toISOString(), sections };
}

export const sendStatusReport =
  (ports: ProxyPorts): Implementation<'SendStatusReport'> =>
  async (request, context) => {
    const report = await reportFor(ports, request, context);
    return {
      body: {
        subject: mailSubject(report),
        body: mailBody(report),
        healthy: isHealthy(report.sections),
        generatedAt: report.generatedAt,
      },
    };
  };

export const sendStatusReportV2 =
  (ports: ProxyPorts): Implementation<'SendStatusReportV2'> =>
  async (request, context) => {
    const report = await reportFor(ports, request, context);
    return {
      body: {
        ...report,
        healthy: isHealthy(report.sections),
        failed: failedIn(report.sections),
        sections: report.sections.map((section) => ({ ...section, entries: [...section.entries] })),
      },
    };
  };
