/**
 * The status report as an e-mail: HTML that every mail program shows, with styles in place and without images.
 */
import { reportStatuses } from '../../../connector/contract/display-names.ts';
import { numberText } from '../../runtime/json.ts';
import { number } from '../../triggers/wording.ts';
import { hasFailed } from '../upstream-status.ts';
import type { ReportEntry, Section } from './report-entry.ts';

export interface Report {
  readonly instanceName: string;
  /** RFC 3339. */
  readonly generatedAt: string;
  readonly sections: readonly Section[];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** `2026-06-01 10:00 UTC`. */
const shownTime = (instant: string | null): string =>
  instant === null ? '' : `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A number with separated thousands and all its digits. */
const shownNumber = (value: ReportEntry['value']): string => {
  return value === null ? '' : number(numberText(value) ?? '');
};

/** @param html ready */
const cellOf = (html: string, style = ''): string =>
  `<td style="padding:2px 12px 2px 0;vertical-align:top${style}">${html}</td>`;

const cell = (text: string, style = ''): string => cellOf(escaped(text), style);

const line = ({ displayName, status, value, updatedAt, error, link, ownerEmail }: ReportEntry): string => {
  const emphasis = hasFailed(status) || status === 'retrying' ? ';color:#a4262c;font-weight:bold' : '';
  const name = cellOf(`<a href="${escaped(link)}">${escaped(displayName)}</a>`);
  return `<tr>${name}${cell(reportStatuses[status], emphasis)}${cell(shownNumber(value), ';text-align:right')}${cell(shownTime(updatedAt))}${cell(ownerEmail ?? '')}${cell(error ?? '')}</tr>`;
};

const sectionText = ({ title, total, failed, entries }: Section): string => {
  const summary = failed === 0 ? `${total}, none failed` : `${total}, ${failed} failed`;
  const table =
    entries.length === 0
      ? ''
      : `<table style="border-collapse:collapse">${entries.map(line).join('')}</table>`;
  return `<h3>${escaped(title)} (${summary})</h3>${table}`;
};

const failures = (sections: readonly Section[]): number =>
  sections.reduce((sum, { failed }) => sum + failed, 0);

export const isHealthy = (sections: readonly Section[]): boolean => failures(sections) === 0;
export const failedIn = failures;

/** One line without line breaks, which a subject must not have. */
export const mailSubject = ({ instanceName, sections }: Report): string => {
  const failed = failures(sections);
  const retrying = sections.flatMap(({ entries }) => entries).filter(({ status }) => status === 'retrying');
  const again = retrying.length === 0 ? '' : `, ${retrying.length} of them refreshing again`;
  const state = failed === 0 ? 'everything in order' : `${failed} failed${again}`;
  return `Customer Insights ${instanceName}: ${state}`.replace(/\s+/g, ' ');
};

export const mailBody = ({ instanceName, generatedAt, sections }: Report): string =>
  `<div style="font-family:Segoe UI,Arial,sans-serif;font-size:14px"><h2>${escaped(instanceName)}</h2><p>As of ${shownTime(generatedAt)}.</p>${sections.map(sectionText).join('')}</div>`;
