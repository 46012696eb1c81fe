import { type Activities, activityAttributes } from '../data/activities.ts';
import { type Customers, contactKey, customerAttributes, loyaltyKey } from '../data/customers.ts';
import { permutation } from '../data/permutation.ts';
import { type Attribute, attribute, type Row, type RowSource, rowSource } from '../data/row.ts';
import { allSourceTables, type SourceTable } from '../data/source-tables.ts';
import { below, mix } from '../random.ts';
import type { OperationType } from '../workflow/types.ts';
import type { DataSource } from './data-sources.ts';
import { isScalar, type Measure } from './measures.ts';
import type { Segment } from './segments.ts';

/** One entity ("table" in newer texts) of an instance. */
export interface Table {
  readonly name: string;
  readonly qualifiedName: string;
  readonly entityType: string;
  readonly dataflowType: string;
  readonly attributes: readonly Attribute[];
  /** Columns that identify a row; rows come in the order of the first one. */
  readonly key: readonly [string, ...string[]];
  readonly semanticType?: string;
  readonly dataSource?: DataSource;
  readonly sourceTable?: SourceTable;
  readonly segment?: Segment;
  /** The workflow node whose success gives `refreshTime`. */
  readonly refreshedBy: { readonly operationType: OperationType; readonly key: string };
  rows(): RowSource;
}

export interface TableWorld {
  readonly seed: number;
  readonly people: Customers;
  readonly timeline: Activities;
  readonly dataSources: readonly DataSource[];
  readonly segments: readonly Segment[];
  readonly measures: readonly Measure[];
  measureOperation(measure: Measure): OperationType;
}

const channelNames = ['Reward redeemed', 'Store purchase', 'Web purchase'] as const;

export const tablesOf = (world: TableWorld): readonly Table[] => [
  ...world.dataSources.flatMap((source) => sourceTables(world, source)),
  conflationMap(world),
  {
    name: 'Customer',
    qualifiedName: 'Customer',
    entityType: 'profile',
    dataflowType: 'conflationResolveConflicts',
    attributes: customerAttributes,
    key: ['CustomerId'],
    refreshedBy: { operationType: 'merge', key: 'merge' },
    rows: () => world.people,
  },
  {
    name: 'UnifiedActivity',
    qualifiedName: 'UnifiedActivity',
    entityType: 'unifiedActivity',
    dataflowType: 'unifiedActivity',
    attributes: activityAttributes,
    key: ['ActivityId'],
    refreshedBy: { operationType: 'activity', key: 'activity' },
    rows: () => world.timeline,
  },
  customerMeasure(world),
  ...world.segments.map((segment) => segmentTable(world, segment)),
  ...world.measures.filter((measure) => measure.kind === 'entity').map((one) => measureTable(world, one)),
];

const sourceTables = (world: TableWorld, source: DataSource): readonly Table[] =>
  allSourceTables
    .filter((table) => table.source === source.name)
    .map((table) => ({
      name: table.name,
      qualifiedName: `${source.name}_${table.name}`,
      entityType: table.activity === undefined ? 'unspecified' : 'activity',
      dataflowType: source.kind,
      attributes: table.attributes,
      key: [table.key],
      semanticType: table.semanticType,
      dataSource: source,
      sourceTable: table,
      refreshedBy: { operationType: 'ingestion', key: source.id },
      rows: () => table.rows(world.people, world.timeline),
    }));

const conflationMap = (world: TableWorld): Table => {
  const columns = ['CustomerId', contactKey, loyaltyKey];
  return {
    name: 'ConflationMap',
    qualifiedName: 'ConflationMap',
    entityType: 'conflationMap',
    dataflowType: 'conflationMatchPairs',
    attributes: columns.map((name) => attribute(name, 'Edm.String')),
    key: ['CustomerId'],
    refreshedBy: { operationType: 'match', key: 'match' },
    rows: () => projected(world.people, columns),
  };
};

const customerMeasure = (world: TableWorld): Table => {
  const names = world.measures.filter((measure) => measure.kind === 'attribute').map(({ name }) => name);
  return {
    name: 'Customer_Measure',
    qualifiedName: 'Customer_Measure',
    entityType: 'profileKpi',
    dataflowType: 'kpi',
    attributes: [
      attribute('CustomerId', 'Edm.String'),
      ...names.map((name) => attribute(name, 'Edm.Decimal')),
    ],
    key: ['CustomerId'],
    refreshedBy: { operationType: 'merge', key: 'merge' },
    rows: () => ({
      size: world.people.size,
      at: (index): Row => {
        const values = names.map((name): [string, number] => [name, spend(world, index, name.length)]);
        return { CustomerId: world.people.id(index), ...Object.fromEntries(values) };
      },
      find: onCustomer(world),
    }),
  };
};

/**
 * Members are a prefix of a fixed shuffle of the customers, so a segment that grows keeps the members it had.
 */
export const membersOf = (segment: Segment, people: Customers): ((customer: number) => boolean) => {
  const order = permutation(people.size, segment.memberSeed);
  return (customer) => customer >= 0 && order.indexOf(customer) < segment.count;
};

const segmentTable = (world: TableWorld, segment: Segment): Table => {
  const columns = ['CustomerId', 'FullName', 'EMail'];
  return {
    name: segment.name,
    qualifiedName: segment.name,
    entityType: 'segment',
    dataflowType: 'segmentation',
    attributes: columns.map((name) => attribute(name, 'Edm.String')),
    key: ['CustomerId'],
    segment,
    refreshedBy: { operationType: 'segmentation', key: segment.name },
    rows: () => {
      const isMember = membersOf(segment, world.people);
      const members: number[] = [];
      for (let customer = 0; customer < world.people.size; customer += 1) {
        if (isMember(customer)) members.push(customer);
      }
      return projected(
        {
          size: members.length,
          at: (position) => world.people.at(members[position] ?? -1),
          find: (field, value) => {
            if (field !== 'CustomerId') return undefined;
            const position = members.indexOf(world.people.indexOf(value));
            return position < 0 ? [] : [position];
          },
        },
        columns,
      );
    },
  };
};

const measureTable = (world: TableWorld, measure: Measure): Table => {
  const dimensions = measure.dimensions.map(({ alias }) => attribute(alias, 'Edm.String'));
  const alias = measure.aggregate.alias;
  const perCustomer = measure.dimensions.some(({ field }) => field === 'CustomerId');
  return {
    name: measure.name,
    qualifiedName: measure.name,
    entityType: 'aggregateKpi',
    dataflowType: 'kpi',
    attributes: [...dimensions, attribute(alias, 'Edm.Decimal')],
    key: [dimensions[0]?.name ?? alias, ...dimensions.slice(1).map(({ name }) => name)],
    refreshedBy: { operationType: world.measureOperation(measure), key: measure.name },
    rows: () => {
      if (isScalar(measure)) return rowSource([{ [alias]: Number(measure.value ?? 0) }]);
      const channels = channelNames.map((channel, index) =>
        cellsOf(measure, channel, alias, spend(world, index, 77) * world.people.size),
      );
      return perCustomer ? customerChannels(world, measure, alias) : rowSource(channels);
    },
  };
};

const customerChannels = (world: TableWorld, measure: Measure, alias: string): RowSource => {
  const width = channelNames.length;
  return {
    size: world.people.size * width,
    at: (position) => {
      const [customer, channel] = [Math.floor(position / width), position % width];
      const row = cellsOf(measure, channelNames[channel] ?? '', alias, spend(world, customer, channel));
      return { ...row, CustomerId: world.people.id(customer) };
    },
    find: (field, value) => {
      if (field !== 'CustomerId') return undefined;
      const customer = world.people.indexOf(value);
      return customer < 0 ? [] : channelNames.map((_, channel) => customer * width + channel);
    },
  };
};

const cellsOf = (measure: Measure, channel: string, alias: string, amount: number): Row => ({
  ...Object.fromEntries(measure.dimensions.map((dimension): [string, string] => [dimension.alias, channel])),
  [alias]: Math.round(amount * 100) / 100,
});

const spend = (world: TableWorld, index: number, salt: number): number =>
  below(500_000, mix(world.seed, 41), index, salt) / 100;

const onCustomer =
  (world: TableWorld): NonNullable<RowSource['find']> =>
  (field, value) => {
    if (field !== 'CustomerId') return undefined;
    const index = world.people.indexOf(value);
    return index < 0 ? [] : [index];
  };

const projected = (rows: RowSource, columns: readonly string[]): RowSource => {
  const source: RowSource = {
    size: rows.size,
    at: (index) => {
      const row = rows.at(index);
      return Object.fromEntries(columns.map((name) => [name, row[name] ?? null]));
    },
  };
  const { find } = rows;
  if (find === undefined) return source;
  return { ...source, find: (field, value) => (columns.includes(field) ? find(field, value) : undefined) };
};
