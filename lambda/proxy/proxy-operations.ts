import type { Implementations } from '../http/implementations.ts';
import { getEntities, getEntitySchema } from './entities.ts';
import { getItem } from './get-item.ts';
import { getItems } from './get-items.ts';
import {
  listDataSources,
  listInstances,
  listMeasures,
  listObjects,
  listScalarMeasures,
  listSegments,
  testConnection,
} from './lists.ts';
import { retrieveDataFromPartition } from './partitions/read-rows.ts';
import { retrievePartitions, retrievePartitionsV2 } from './partitions/retrieve.ts';
import type { ProxyPorts } from './ports.ts';
import { previewThreshold } from './preview-threshold.ts';
import { getRefreshStatus, refresh } from './refresh.ts';
import { sendStatusReport, sendStatusReportV2 } from './status-report/send.ts';
import { createItem, updateItem } from './write-items.ts';

export const proxyImplementations = (ports: ProxyPorts): Implementations<'proxy'> => ({
  GetEntities: getEntities(ports),
  GetItem: getItem(ports),
  GetItems: getItems(ports),
  CreateItem: createItem(ports),
  UpdateItem: updateItem(ports),
  RetrievePartitions: retrievePartitions(ports),
  RetrievePartitionsV2: retrievePartitionsV2(ports),
  RetrieveDataFromPartition: retrieveDataFromPartition(ports),
  SendStatusReport: sendStatusReport(ports),
  SendStatusReportV2: sendStatusReportV2(ports),
  Refresh: refresh(ports),
  GetRefreshStatus: getRefreshStatus(ports),
  ListSegments: listSegments(ports),
  ListMeasures: listMeasures(ports),
  PreviewThreshold: previewThreshold(ports),
  ListInstances: listInstances(ports),
  ListScalarMeasures: listScalarMeasures(ports),
  ListObjects: listObjects(ports),
  ListDataSources: listDataSources(ports),
  GetEntitySchema: getEntitySchema(ports),
  TestConnection: testConnection(ports),
});
