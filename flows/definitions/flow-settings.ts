/** What each organisation sets for the flows: environment variables in a solution. */
import { exampleInstanceId } from '../../connector/contract/example.ts';
import type { Setting } from './authoring.ts';

export const instance: Setting = {
  key: 'InstanceId',
  type: 'string',
  displayName: 'Customer Insights instance',
  description: 'Id of the Customer Insights instance (environment) that the flows watch; a GUID.',
  example: exampleInstanceId,
};

export const team: Setting = {
  key: 'TeamId',
  type: 'string',
  displayName: 'Team for alerts',
  description: 'Id of the team in Microsoft Teams; groupId in the link to the team.',
  example: '00000000-0000-4000-8000-000000000001',
};

export const channel: Setting = {
  key: 'ChannelId',
  type: 'string',
  displayName: 'Channel for alerts',
  description: 'Id of the channel in that team; it begins with 19: in the link to the channel.',
  example: '19:00000000000000000000000000000000@thread.tacv2',
};

export const recipients: Setting = {
  key: 'Recipients',
  type: 'string',
  displayName: 'Recipients of mails',
  description: 'Addresses of those who answer for the data, separated by semicolons.',
  example: 'data-owners@example.com',
};

export const segment: Setting = {
  key: 'Segment',
  type: 'string',
  displayName: 'Segment to watch',
  description: 'Unique name of the segment whose size is watched; not the name that is displayed.',
  example: 'HighValueCustomers',
};

export const segmentThreshold: Setting = {
  key: 'SegmentThreshold',
  type: 'number',
  displayName: 'Threshold of the segment',
  description: 'A mail is sent when the segment grows above this number of members.',
  example: 1200,
};

export const segmentToRefresh: Setting = {
  key: 'SegmentToRefresh',
  type: 'string',
  displayName: 'Segment to refresh',
  description: 'Unique name of the segment that is refreshed after each unification.',
  example: 'HighValueCustomers',
};

export const measure: Setting = {
  key: 'Measure',
  type: 'string',
  displayName: 'Measure to watch',
  description: 'Unique name of the business measure that is watched; one without a dimension.',
  example: 'TotalRevenue',
};

export const measureThreshold: Setting = {
  key: 'MeasureThreshold',
  type: 'number',
  displayName: 'Threshold of the measure',
  description: 'A message is posted when the measure falls below this number.',
  example: 8000000,
};

export const measureReset: Setting = {
  key: 'MeasureResetLevel',
  type: 'number',
  displayName: 'Reset level of the measure',
  description:
    'After a message the flow runs again only when the measure has returned to this level; not below the threshold.',
  example: 8200000,
};
